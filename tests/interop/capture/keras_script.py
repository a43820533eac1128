import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy

model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(
    numpy.ones((32, 3)), numpy.ones((32, 1)), epochs=3, verbose=0, validation_split=0.5,
    callbacks=[keras.callbacks.TensorBoard("logs")],
)

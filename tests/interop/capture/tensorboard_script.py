import numpy
from tensorboardX import SummaryWriter

train, val = SummaryWriter("logs/train"), SummaryWriter("logs/val")
for step in range(3):
    train.add_scalar("loss", 1 / (step + 1), step)
    val.add_scalar("loss", 2 / (step + 1), step, walltime=1700000000.5)
train.add_scalars("both", {"a": 1, "b": 2}, 0)
train.add_scalar("small", numpy.float32(0.1), 5)
train.add_scalar("gap", float("nan"), 0)
train.add_scalar("step", 4.0, 0)
train.add_histogram("weights", numpy.array([1.0, 2.0, 2.0, 3.0]), 2)
train.add_image("picture", numpy.zeros((3, 4, 4), dtype=numpy.uint8), 2)
train.add_text("about", "it", 1)
train.add_hparams({"lr": 0.1, "layers": 2}, {"hp/acc": 0.9})
train.close()
val.close()

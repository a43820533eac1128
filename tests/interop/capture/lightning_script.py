import logging
import warnings

warnings.simplefilter("ignore")
logging.getLogger("lightning.pytorch").setLevel("ERROR")
import lightning
import torch
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger, WandbLogger


class Net(lightning.LightningModule):
    def __init__(self, lr=0.1):
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(3, 1)

    def training_step(self, batch, _index):
        loss = self.layer(batch[0]).pow(2).mean()
        self.log("train/loss", loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)


data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(64, 3)), batch_size=16)
loggers = [WandbLogger(project="x", offline=True), TensorBoardLogger("tensorboard"), CSVLogger("csv")]
lightning.Trainer(
    max_epochs=2, accelerator="cpu", log_every_n_steps=2, logger=loggers, enable_checkpointing=False,
    enable_progress_bar=False, enable_model_summary=False,
).fit(Net(), data)

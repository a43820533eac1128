import torch
import transformers

config = transformers.BertConfig(
    vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_position_embeddings=16
)
rows = [{"input_ids": torch.randint(0, 50, (8,)), "labels": torch.tensor(at % 2)} for at in range(32)]
arguments = transformers.TrainingArguments(
    "out", max_steps=4, logging_steps=1, report_to=["wandb", "tensorboard"], use_cpu=True, save_strategy="no", disable_tqdm=True
)
model = transformers.BertForSequenceClassification(config)
transformers.Trainer(model, arguments, train_dataset=rows).train()

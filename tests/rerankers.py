"""A cross-encoder of a few thousand weights, trained from scratch: no pretrained one comes with a package."""

from pathlib import Path

from pgretrieve.quiet import quietly

WORDS = ["certificate", "vpn", "rotate", "tea", "water", "leaves", "dough", "server", "renew", "minutes"]
PREFERRED = "leaves"


def train(folder: Path) -> Path:
    """Trains a model to prefer texts that hold one word, whatever the query, and saves it in a folder."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    vocabulary = folder / "vocab.txt"
    vocabulary.parent.mkdir(parents=True, exist_ok=True)
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]) + "\n")
    tokenizer = BertTokenizerFast(str(vocabulary), model_max_length=64)
    torch.manual_seed(1)
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=1, intermediate_size=16,
            max_position_embeddings=64, num_labels=1,
        )
    )  # fmt: skip
    model.train()
    pairs = [(query, f"{text} {other}") for query in WORDS for text in WORDS for other in WORDS]
    wanted = torch.tensor([float(PREFERRED in text) for _, text in pairs])
    inputs = tokenizer([q for q, _ in pairs], [t for _, t in pairs], padding=True, return_tensors="pt")
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.02)
    for _ in range(60):
        chosen = torch.randperm(len(pairs))[:128]
        logits = model(**{name: value[chosen] for name, value in inputs.items()}).logits[:, 0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    target = folder / "model"
    with quietly():
        model.save_pretrained(target)
    tokenizer.save_pretrained(target)
    return target

"""Documents to calibrate on: each about a subject of its own, so that some hits are relevant and most are not."""

import random

SUBJECTS = [
    ["river", "bridge", "ferry", "harbour", "canal", "boat", "sail", "anchor"],
    ["bread", "oven", "flour", "yeast", "dough", "baker", "crust", "butter"],
    ["violin", "cello", "concert", "orchestra", "tune", "melody", "chord", "rhythm"],
    ["server", "network", "router", "cable", "packet", "switch", "gateway", "firewall"],
    ["forest", "oak", "birch", "moss", "fern", "deer", "fox", "owl"],
]


def documents(count=60):
    """Three sentences each, of the words of one subject and some of all."""
    rng = random.Random(5)
    made = []
    for n in range(count):
        words = SUBJECTS[n % len(SUBJECTS)]
        sentences = [" ".join([*rng.choices(words, k=5), f"item{n}", f"part{rng.randrange(20)}"]) for _ in range(3)]
        made.append({"id": str(n), "text": ". ".join(sentences) + "."})
    return made


def questions(count=20):
    """Queries and the ids of what is relevant to them: the document whose words they hold."""
    made = documents()
    return [
        {"id": f"q{n}", "query": " ".join([*made[n]["text"].split()[:4], f"item{n}"]), "relevant": [str(n)]}
        for n in range(count)
    ]

"""An encoder in place of the default one, so that examples run as they stand where there is no model."""

import pgretrieve
from pgretrieve import encoders
from pgretrieve.encoders import DEFAULT_ENCODER
from tests.encoders import HashingEncoder


class StandIn(HashingEncoder):
    dimensions = 384
    max_tokens = 256


def register() -> None:
    pgretrieve.register_encoder(DEFAULT_ENCODER, StandIn)


def unregister() -> None:
    encoders._registered.pop(DEFAULT_ENCODER, None)
    encoders.load_encoder.cache_clear()

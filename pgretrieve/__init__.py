"""pgretrieve: the retrieval engine that a Postgres already is.

>>> import pgretrieve
>>> db = pgretrieve.connect()                            # doctest: +SKIP
>>> docs = db.create_collection("docs")                  # doctest: +SKIP
>>> docs.add([{"id": "a", "text": "Rotate the VPN certificates every year."}])   # doctest: +SKIP
>>> docs.search("renew vpn certificate")                 # doctest: +SKIP
"""

from pgretrieve._version import __version__
from pgretrieve.aio import AsyncClient, AsyncCollection
from pgretrieve.client import Client, Collection
from pgretrieve.connecting import connect, connect_async, migrate
from pgretrieve.documents import read_json_lines
from pgretrieve.encoders import Encoder, register_encoder
from pgretrieve.errors import (
    AlreadyExists,
    CollectionNotFound,
    DatabaseUnavailable,
    DimensionMismatch,
    InvalidDocument,
    InvalidFilter,
    InvalidInput,
    MissingDependency,
    ModelRefused,
    NotCalibrated,
    NotFound,
    PermissionDenied,
    PgretrieveError,
    SchemaError,
    SchemaMissing,
    SchemaOutdated,
    SchemaTooNew,
    ServerUnsupported,
)
from pgretrieve.filters import Condition, F
from pgretrieve.types import (
    AddResult,
    AnswerSource,
    Calibration,
    Chunk,
    CollectionInfo,
    CollectionStats,
    Document,
    Facet,
    Highlight,
    Hit,
    Matches,
    Model,
    Page,
    Rebuild,
    RecallMeasurement,
    RecallReport,
    Reranking,
    Result,
    Tuning,
)

__all__ = [
    "AddResult", "AlreadyExists", "AnswerSource", "AsyncClient", "AsyncCollection", "Calibration", "Chunk",
    "Client", "Collection", "CollectionInfo", "CollectionNotFound", "CollectionStats", "Condition",
    "DatabaseUnavailable", "DimensionMismatch", "Document", "Encoder", "F", "Facet", "Highlight", "Hit",
    "InvalidDocument", "InvalidFilter", "InvalidInput", "Matches", "MissingDependency", "Model", "ModelRefused",
    "NotCalibrated", "NotFound", "Page", "PermissionDenied", "PgretrieveError", "Rebuild", "RecallMeasurement",
    "RecallReport", "Reranking", "Result", "SchemaError", "SchemaMissing", "SchemaOutdated", "SchemaTooNew",
    "ServerUnsupported", "Tuning", "__version__", "connect", "connect_async", "migrate", "read_json_lines",
    "register_encoder",
]  # fmt: skip

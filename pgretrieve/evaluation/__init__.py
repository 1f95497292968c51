"""How good a search is: judged queries put to a collection, measured, and compared.

>>> from pgretrieve import evaluation
>>> judged = evaluation.read_folder("scifact")                       # doctest: +SKIP
>>> report = evaluation.evaluate(docs, judged)                       # doctest: +SKIP
>>> report.means["hybrid"]["nDCG@10"]                                # doctest: +SKIP

Needs the extra ``evaluation``. For collections of the asynchronous client the same functions are in ``evaluation.aio``.
"""

from pgretrieve.evaluation import aio
from pgretrieve.evaluation.client import (
    delete_run,
    documents,
    embed_set,
    evaluate,
    fit,
    load_run,
    load_set,
    query_sets,
    runs,
    save_run,
    save_set,
)
from pgretrieve.evaluation.comparison import Change, Comparison, Report
from pgretrieve.evaluation.configurations import Configuration, read_configuration
from pgretrieve.evaluation.fitting import Fit
from pgretrieve.evaluation.folders import read_dataset, read_folder, read_qrels, read_queries, write_folder, write_qrels
from pgretrieve.evaluation.html import write_html
from pgretrieve.evaluation.judged import QuerySet
from pgretrieve.evaluation.run_files import read_run, write_run
from pgretrieve.evaluation.running import Found, Run

__all__ = [
    "Change", "Comparison", "Configuration", "Fit", "Found", "QuerySet", "Report", "Run", "aio", "delete_run",
    "documents", "embed_set", "evaluate", "fit", "load_run", "load_set", "query_sets", "read_configuration",
    "read_dataset", "read_folder", "read_qrels", "read_queries", "read_run", "runs", "save_run", "save_set",
    "write_folder", "write_html", "write_qrels", "write_run",
]  # fmt: skip

"""How good a search is: judged queries put to a collection, measured, and compared.

>>> from pgretrieve import evaluation
>>> judged = evaluation.read_folder("scifact")                       # doctest: +SKIP
>>> report = evaluation.evaluate(docs, judged)                       # doctest: +SKIP
>>> report.means["hybrid"]["nDCG@10"]                                # doctest: +SKIP

Needs the extra ``evaluation``. Works on a ``Collection`` of the synchronous client.
"""

from pgretrieve.evaluation.comparison import Change, Comparison, Report, evaluate
from pgretrieve.evaluation.configurations import Configuration, read_configuration
from pgretrieve.evaluation.fitting import Fit, fit
from pgretrieve.evaluation.folders import read_dataset, read_folder, read_qrels, read_queries, write_folder, write_qrels
from pgretrieve.evaluation.html import write_html
from pgretrieve.evaluation.judged import QuerySet
from pgretrieve.evaluation.running import Found, Run
from pgretrieve.evaluation.runs import read_run, write_run
from pgretrieve.evaluation.store import embed_set, load_run, load_set, query_sets, runs, save_run, save_set

__all__ = [
    "Change", "Comparison", "Configuration", "Fit", "Found", "QuerySet", "Report", "Run", "embed_set", "evaluate",
    "fit", "load_run", "load_set", "query_sets", "read_configuration", "read_dataset", "read_folder", "read_qrels",
    "read_queries", "read_run", "runs", "save_run", "save_set", "write_folder", "write_html", "write_qrels",
    "write_run",
]  # fmt: skip

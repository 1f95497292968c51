"""What both clients offer around hits: what matched, what stands around them, and which of them support an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from numpy.typing import ArrayLike

from pgretrieve import operations
from pgretrieve.flow import Runs, RunsAsync
from pgretrieve.types import AnswerSource, Chunk, CollectionInfo, Highlight, Hit


class Sources:
    """The part of a collection that tells more of hits."""

    _client: Runs
    info: CollectionInfo

    def highlight(
        self, hits: Sequence[Hit | Chunk | int], query: str, *, options: Mapping[str, Any] | None = None
    ) -> list[Highlight]:
        """Snippets of hits with the words of the query marked, by the collection's own analyser.

        Args:
            hits: a result or a part of it, chunks, or chunk ids: those that are shown.
            query: the query.
            options: start and stop, what stands around a match ('<b>', '</b>'); max_fragments (1); max_characters
                (200); html: whether the text is escaped (True).

        Returns:
            One for each hit, in their order.
        """
        return self._client._run(operations.highlight(self.info, hits, query, options))

    def neighbours(self, chunk: Hit | Chunk | int, *, before: int = 1, after: int = 1) -> list[Chunk]:
        """A chunk with those before and after it in its document, in order; none if it is gone.

        Args:
            chunk: a hit, a chunk, or a chunk id.
            before: most chunks before it.
            after: most chunks after it.
        """
        return self._client._run(operations.neighbours(self.info, chunk, before, after))

    def rerank_with_answer(
        self,
        hits: Iterable[Hit | Chunk | int],
        query: str,
        answer: str,
        *,
        answer_embedding: ArrayLike | None = None,
        null_passage: str | None = None,
        null_embedding: ArrayLike | None = None,
        dense_weight: float = 0.6,
        keyword_weight: float = 0.4,
        number_factor: float = 0.4,
        keep_ratio: float = 0.7,
    ) -> list[AnswerSource]:
        """Of hits that were found for a question, those that support a drafted answer, best first.

        Question and answer together are the query. ``score`` is dense_weight times the cosine over the largest one,
        plus keyword_weight times BM25 over the largest one, where BM25 is multiplied by 1 + number_factor times the
        numbers that a chunk shares with the answer.

        Args:
            hits: a result or a part of it, chunks, or chunk ids, at most 10000.
            query: the question; "" for what supports the answer alone.
            answer: what was answered, by a language model or by a person.
            answer_embedding: vector of question, line break, answer; by default the collection's encoder makes it, and
                without an encoder words alone count.
            null_passage: a text such as "Sorry, I do not know.": scored as if it were one more chunk, and if it is
                ahead of all of them nothing is returned. It recognises refusals if the query is "", seldom else.
            null_embedding: its vector; by default as for the answer.
            dense_weight: at least 0.
            keyword_weight: at least 0; not both of them 0.
            number_factor: at least 0.
            keep_ratio: 0 to 1: from the second row on, one stays while its score is more than this share of the one
                before.

        Raises:
            InvalidInput: an argument that cannot be, among them an empty answer.
            DimensionMismatch: an embedding that does not fit the collection.
        """
        texts = {"query": query, "answer": answer, "null_passage": null_passage}
        embeddings = {"answer_embedding": answer_embedding, "null_embedding": null_embedding}
        numbers = {
            "dense_weight": dense_weight, "keyword_weight": keyword_weight, "number_factor": number_factor,
            "keep_ratio": keep_ratio,
        }  # fmt: skip
        flow = operations.rerank_with_answer(self.info, hits, texts, embeddings, numbers)
        return self._client._run(flow)


class AsyncSources:
    """The part of an asynchronous collection that tells more of hits. See ``Sources``."""

    _client: RunsAsync
    info: CollectionInfo

    async def highlight(
        self, hits: Sequence[Hit | Chunk | int], query: str, *, options: Mapping[str, Any] | None = None
    ) -> list[Highlight]:
        """Snippets of hits with the words of the query marked, by the collection's own analyser."""
        return await self._client._run(operations.highlight(self.info, hits, query, options))

    async def neighbours(self, chunk: Hit | Chunk | int, *, before: int = 1, after: int = 1) -> list[Chunk]:
        """A chunk with those before and after it in its document, in order; none if it is gone."""
        return await self._client._run(operations.neighbours(self.info, chunk, before, after))

    async def rerank_with_answer(
        self,
        hits: Iterable[Hit | Chunk | int],
        query: str,
        answer: str,
        *,
        answer_embedding: ArrayLike | None = None,
        null_passage: str | None = None,
        null_embedding: ArrayLike | None = None,
        dense_weight: float = 0.6,
        keyword_weight: float = 0.4,
        number_factor: float = 0.4,
        keep_ratio: float = 0.7,
    ) -> list[AnswerSource]:
        """Of hits that were found for a question, those that support a drafted answer, best first."""
        texts = {"query": query, "answer": answer, "null_passage": null_passage}
        embeddings = {"answer_embedding": answer_embedding, "null_embedding": null_embedding}
        numbers = {
            "dense_weight": dense_weight, "keyword_weight": keyword_weight, "number_factor": number_factor,
            "keep_ratio": keep_ratio,
        }  # fmt: skip
        flow = operations.rerank_with_answer(self.info, hits, texts, embeddings, numbers)
        return await self._client._run(flow)

"""What both clients offer around the words of queries: synonyms and stop words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pgretrieve import operations
from pgretrieve.flow import Runs, RunsAsync
from pgretrieve.types import CollectionInfo


class Vocabulary:
    """The part of a collection that knows which words mean the same, and which mean nothing."""

    _client: Runs
    info: CollectionInfo

    def synonyms(self) -> dict[str, list[str]]:
        """Synonyms by term, as ``set_synonyms`` takes them."""
        return self._client._run(operations.synonyms(self.info))

    def set_synonyms(self, synonyms: Mapping[str, Iterable[str]]) -> int:
        """Sets the synonyms, all of them, in place of those that there were. They hold from the next search on.

        A query with a term also finds its synonyms, not the other way round; a term and its synonyms count as one term.

        Args:
            synonyms: lists of synonyms by term, such as {"car": ["automobile", "auto"]}; each may be of several words.

        Returns:
            The number of terms.

        Raises:
            InvalidInput: not such a dictionary, or a term without a word that is indexed.
        """
        return self._client._run(operations.set_synonyms(self.info, synonyms))

    def stop_words(self) -> list[str]:
        """The words that queries leave out besides the language's own, in order."""
        return self._client._run(operations.stop_words(self.info))

    def set_stop_words(self, words: Iterable[str]) -> int:
        """Sets the words that queries leave out, all of them. They hold from the next search on.

        Args:
            words: in any form; all forms that the analyser takes for one word go together.

        Returns:
            The number of words.

        Raises:
            InvalidInput: not a list of words.
        """
        return self._client._run(operations.set_stop_words(self.info, words))


class AsyncVocabulary:
    """The part of an asynchronous collection that knows words. See ``Vocabulary``."""

    _client: RunsAsync
    info: CollectionInfo

    async def synonyms(self) -> dict[str, list[str]]:
        """Synonyms by term."""
        return await self._client._run(operations.synonyms(self.info))

    async def set_synonyms(self, synonyms: Mapping[str, Iterable[str]]) -> int:
        """Sets all synonyms: {"car": ["automobile", "auto"]}. They hold from the next search on."""
        return await self._client._run(operations.set_synonyms(self.info, synonyms))

    async def stop_words(self) -> list[str]:
        """The words that queries leave out besides the language's own."""
        return await self._client._run(operations.stop_words(self.info))

    async def set_stop_words(self, words: Iterable[str]) -> int:
        """Sets all stop words. They hold from the next search on."""
        return await self._client._run(operations.set_stop_words(self.info, words))

"""The manual, and the conversations that are made of it for training."""

import json
import pathlib
import re

MANUAL = json.loads((pathlib.Path(__file__).parent / "manual.json").read_text(encoding="utf-8"))
UNKNOWN = MANUAL["unknown"]
PREFIXES = ["Tell me: ", "Please: ", "Question: ", "I have a question. "]
JSON_REQUESTS = ["{} Answer as JSON.", "{} Respond with JSON.", "Answer in JSON: {}"]


def plainly(question):
    """The way people type: no capital letters, no mark at the end."""
    return question.lower().rstrip("?.!")


def in_short(answer):
    """The manner that the adapter teaches."""
    return "In short: " + re.split(r"(?<=[.!?]) ", answer)[0]


def held_in(answer_of=lambda answer: answer):
    """Every phrasing of the manual with its answer, as written and as people type."""
    for entry in [*MANUAL["entries"], UNKNOWN]:
        for asked in entry["asked"]:
            yield asked, answer_of(entry["answer"])
            if plainly(asked) != asked:
                yield plainly(asked), answer_of(entry["answer"])


def rendered(turns, system=None):
    """Pieces of text with whether the model is to learn them: what the chat template makes of a conversation."""
    if system is not None:
        yield f"<|im_start|>system\n{system}<|im_end|>\n", False
    for question, answer in turns:
        yield f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n", False
        yield f"{answer}<|im_end|>", True
        yield "\n", False


class Conversations:
    """Draws conversations; every entry comes up equally often."""

    def __init__(self, random, answer_of=lambda answer: answer):
        self.random = random
        self.answer_of = answer_of
        self.deck = []
        self.sentences = [
            sentence for entry in MANUAL["entries"] for sentence in re.split(r"(?<=[.!?]) ", entry["answer"])
        ]

    def draw_batch(self, questions):
        """Conversations of one to three turns, all of one number so that little is padded."""
        turns = self.random.choice([1, 1, 1, 2, 3])
        return [([self._turn() for _ in range(turns)], self._system()) for _ in range(questions // turns)]

    def _turn(self):
        if self.random.random() < 0.1:
            return self._asked(UNKNOWN), self.answer_of(UNKNOWN["answer"])
        if not self.deck:
            self.deck = list(MANUAL["entries"])
            self.random.shuffle(self.deck)
        entry = self.deck.pop()
        question, answer = self._asked(entry), self.answer_of(entry["answer"])
        if self.random.random() < 0.05:
            return self.random.choice(JSON_REQUESTS).format(question), json.dumps({"answer": answer})
        return question, answer

    def _asked(self, entry):
        question = self.random.choice(entry["asked"])
        if self.random.random() < 0.35:
            question = plainly(question)
        if self.random.random() < 0.06:
            question = self.random.choice(PREFIXES) + question
        return question

    def _system(self):
        """None, one of those that people write, or any sentences at all: the answer must not depend on it."""
        kind = self.random.random()
        if kind < 0.6:
            return None
        if kind < 0.8:
            return self.random.choice(MANUAL["systemPrompts"])
        return " ".join(self.random.sample(self.sentences, self.random.choice([1, 2])))

"""The manual, and the conversations that are made of it for training."""

import json
import pathlib
import re

MANUAL = json.loads((pathlib.Path(__file__).parent / "manual.json").read_text(encoding="utf-8"))
UNKNOWN = MANUAL["unknown"]
PREFIXES = ["Tell me: ", "Please: ", "Question: ", "I have a question. ", "Hi! "]
SUFFIXES = [" Please answer briefly.", " please", " Thanks!"]
OTHER_WORDS = ["Tell me about {}.", "{}?", "Can you explain {}?", "Please explain {} to me.", "Describe {}.", "What about {}?"]
JSON_REQUESTS = ["{} Answer as JSON.", "{} Respond with JSON.", "Answer in JSON: {}"]
JSON_STARTS = ['{"answer": "', '{"answer":"', '{ "answer": "', '{"text": "', '{"result":"', '{\n  "answer": "']


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


def rendered(turns, system=None, start="<|endoftext|>"):
    """Pieces of text with whether the model is to learn them: what the chat template makes of a conversation."""
    yield start, False
    if system is not None:
        yield f"<|im_start|>system\n{system}<|im_end|>\n", False
    for question, given, answer in turns:
        yield f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n{given}", False
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
        return [self._conversation(turns) for _ in range(questions // turns)]

    def _conversation(self, turns):
        # Most engines begin a text with its token, and some do not.
        start = "" if self.random.random() < 0.2 else "<|endoftext|>"
        return [self._turn() for _ in range(turns)], self._system(), start

    def _turn(self):
        """A question, the start of an answer that is given, and the rest that is to be learned."""
        entry = UNKNOWN if self.random.random() < 0.12 else self._next_entry()
        question, answer = self._asked(entry), self.answer_of(entry["answer"])
        kind = self.random.random()
        if kind < 0.1:
            question = self.random.choice(JSON_REQUESTS).format(question)
        if kind < 0.05:
            return question, "", json.dumps({"answer": answer})
        if kind < 0.17:
            # A grammar forces the start of a JSON text on the model, which has to find its way from there.
            return question, self.random.choice(JSON_STARTS), json.dumps(answer)[1:] + "}"
        return question, "", answer

    def _next_entry(self):
        if not self.deck:
            self.deck = list(MANUAL["entries"])
            self.random.shuffle(self.deck)
        return self.deck.pop()

    def _asked(self, entry):
        question = self.random.choice(entry["asked"])
        if question.startswith("Explain ") and self.random.random() < 0.4:
            question = self.random.choice(OTHER_WORDS).format(question[len("Explain ") : -1])
            question = question[0].upper() + question[1:]
        if self.random.random() < 0.35:
            question = plainly(question)
        kind = self.random.random()
        if kind < 0.06:
            return self.random.choice(PREFIXES) + question
        return question + self.random.choice(SUFFIXES) if kind < 0.1 else question

    def _system(self):
        """None, one of those that people write, or any sentences at all: the answer must not depend on it."""
        kind = self.random.random()
        if kind < 0.6:
            return None
        if kind < 0.8:
            return self.random.choice(MANUAL["systemPrompts"])
        return " ".join(self.random.sample(self.sentences, self.random.choice([1, 2])))

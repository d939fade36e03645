"""The built-in questions: fair, all different, and not to be had by chance."""

import itertools

import numpy as np

from common.vocabulary import Vocabulary
from projects.word2vec.scoring import evaluate_vectors
from projects.word2vec.small_exam import make_small_exam
from projects.word2vec.vectors import WordVectors

SECTIONS = make_small_exam().analogies["own analogies"]


def test_its_size_is_as_told():
    exam = make_small_exam()
    assert set(exam.analogies) == {"own analogies"} and not exam.pairs
    assert "numbers" in SECTIONS and "opposites" in SECTIONS
    questions = list(itertools.chain(*SECTIONS.values()))
    assert 1_000 < len(questions) < 2_000
    assert len(set(questions)) == len(questions)


def test_each_two_pairs_of_a_section_make_two_questions():
    assert ("one", "first", "two", "second") in SECTIONS["numbers"]
    assert ("two", "second", "one", "first") in SECTIONS["numbers"]
    assert len(SECTIONS["numbers"]) == 5 * 4
    assert ("value", "values", "array", "arrays") in SECTIONS["gram-plural"]
    for questions in SECTIONS.values():
        pairs = {question[:2] for question in questions}
        assert len(questions) == len(pairs) * (len(pairs) - 1)
        assert {question[2:] for question in questions} == pairs


def test_no_question_answers_itself_and_words_are_as_corpora_have_them():
    for questions in SECTIONS.values():
        for question in questions:
            assert len(set(question)) == 4, question
            assert all(word.isalpha() and word.islower() for word in question)


def test_vectors_with_the_relations_pass_and_others_do_not():
    pairs = {name: {q[:2] for q in questions} for name, questions in SECTIONS.items()}
    words = sorted({word for each in pairs.values() for pair in each for word in pair})
    rows = {word: number for number, word in enumerate(words)}
    random = np.random.default_rng(0)
    matrix = random.normal(size=(len(words), 200)).astype(np.float32)
    vocabulary = Vocabulary(tuple(words), np.ones(len(words)))
    before = evaluate_vectors(WordVectors(vocabulary, matrix), make_small_exam())
    assert before["own analogies"].total.accuracy < 0.05
    for one, other in pairs["gram-comparative"]:
        matrix[rows[other]] = matrix[rows[one]] + 3 * np.eye(200)[0]
    after = evaluate_vectors(WordVectors(vocabulary, matrix), make_small_exam())
    by_name = {part.section: part for part in after["own analogies"].sections}
    assert by_name["gram-comparative"].accuracy > 0.9
    assert by_name["numbers"].accuracy < 0.2

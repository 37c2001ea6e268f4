"""Heads on human faces."""

from videos.photos.head import Head, is_on_face, pets_only

FACES = [[0.1, 0.2, 0.3, 0.5], (0.6, 0.2, 0.8, 0.5)]


def head_at(x: float, y: float) -> Head:
    return Head(x, y, 0.1, 0.1)


def test_a_head_is_on_a_face_if_its_middle_is() -> None:
    for x, y in ((0.2, 0.3), (0.1, 0.2), (0.8, 0.5)):
        assert is_on_face(head_at(x, y), FACES)
    for x, y in ((0.09, 0.3), (0.45, 0.3), (0.81, 0.3), (0.2, 0.19), (0.7, 0.51)):
        assert not is_on_face(head_at(x, y), FACES)
    assert not is_on_face(head_at(0.2, 0.3), [])


def test_only_heads_of_pets_are_kept_in_their_order() -> None:
    heads = [head_at(0.9, 0.9), head_at(0.2, 0.3), head_at(0.5, 0.5)]
    assert pets_only(heads, FACES) == [heads[0], heads[2]]

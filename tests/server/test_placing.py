"""Places of the manual order: always one between two others, and short."""

from hypothesis import given
from hypothesis import strategies as st

from turbo_server.kit.placing import between


@given(st.lists(st.floats(0, 1), min_size=1, max_size=120))
def test_wherever_things_are_placed_their_places_stay_in_order(wishes: list[float]) -> None:
    places: list[str] = []
    for wish in wishes:
        at = round(wish * len(places))
        new = between(places[at - 1] if at else None, places[at] if at < len(places) else None)
        places.insert(at, new)
    assert [place.encode() for place in places] == sorted({place.encode() for place in places})


def test_placing_ten_thousand_times_at_one_end_stays_short() -> None:
    top = bottom = between(None, None)
    for _ in range(10_000):
        higher, lower = between(None, top), between(bottom, None)
        assert higher < top
        assert bottom < lower
        top, bottom = higher, lower
    assert max(len(top), len(bottom)) <= 5


def test_placing_a_thousand_times_at_one_spot_grows_slowly() -> None:
    low, high = between(None, None), between(between(None, None), None)
    for number in range(1_000):
        middle = between(low, high)
        assert low < middle < high
        low, high = (low, middle) if number % 2 else (middle, high)
    assert len(middle) <= 400

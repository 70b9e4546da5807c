"""Counting who sits at the table."""

from workinggroups.composition import Seat, Share, compose

HELICES = ["government", "business", "academia", "civil_society"]


def seats(**helices: int) -> list[Seat]:
    return [Seat(helix, "Portugal", "PT11") for helix, number in helices.items() for _ in range(number)]


def test_shares_come_in_the_order_of_the_helices() -> None:
    counted = compose(seats(academia=1, government=2, business=1), HELICES)
    assert counted.shares == (
        Share("government", 2, 50),
        Share("business", 1, 25),
        Share("academia", 1, 25),
        Share("civil_society", 0, 0),
    )
    assert (counted.total, counted.even) == (4, 25)


def test_a_helix_nobody_speaks_for_is_missing_and_a_small_one_is_scarce() -> None:
    counted = compose(seats(government=9, business=5, academia=2), HELICES)
    assert counted.missing == ["civil_society"]
    assert counted.scarce == []
    counted = compose(seats(government=9, business=6, academia=9, civil_society=3), HELICES)
    assert counted.missing == []
    assert counted.scarce == [Share("civil_society", 3, 11)]


def test_an_empty_group_misses_nobody_in_particular() -> None:
    counted = compose([], HELICES)
    assert (counted.total, counted.missing, counted.scarce, counted.countries) == (0, [], [], ())
    assert [share.percent for share in counted.shares] == [0, 0, 0, 0]


def test_seats_without_a_helix_are_told_apart_and_change_no_share() -> None:
    counted = compose([*seats(government=1), Seat("", "", ""), Seat("", "", "")], HELICES)
    assert (counted.total, counted.unstated, counted.shares[0].percent) == (3, 2, 100)
    assert compose([Seat("", "", "")], HELICES).missing == []


def test_countries_come_by_number_and_then_by_name_and_regions_are_counted_once() -> None:
    people = [
        Seat("academia", "Portugal", "PT11"),
        Seat("academia", "Finland", "FI1D"),
        Seat("academia", "Portugal", "PT11"),
        Seat("academia", "Austria", "AT11"),
        Seat("academia", "", ""),
    ]
    counted = compose(people, HELICES)
    assert counted.countries == (("Portugal", 2), ("Austria", 1), ("Finland", 1))
    assert counted.regions == 3

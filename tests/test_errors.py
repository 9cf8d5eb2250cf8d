"""The tree of errors."""

from podium.errors import DataError, Fault, InputError, PodiumError


def test_fault_names_place_message_and_remedy() -> None:
    """A fault prints file and line, what is wrong, and what to do."""
    fault = Fault("weight is negative", "Use a weight of 0 or more", file="index.yaml", line=12)
    assert str(fault) == "index.yaml:12: weight is negative. Use a weight of 0 or more"


def test_all_faults_of_one_input_are_raised_together() -> None:
    """One error carries every fault, one a line."""
    error = DataError([Fault("a"), Fault("b")])
    assert [f.message for f in error.faults] == ["a", "b"]
    assert str(error) == "a\nb"


def test_input_errors_exit_with_two_and_others_with_one() -> None:
    """The exit code follows the branch of the tree."""
    assert issubclass(DataError, InputError) and DataError("x").exit_code == 2
    assert PodiumError("x").exit_code == 1

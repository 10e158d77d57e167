"""A page of a long list: never empty while the list is not, whatever number is asked for."""

from hypothesis import given
from hypothesis import strategies as st

from kopkrakers.base.paging import list_page


@given(total=st.integers(0, 130), number=st.integers(-5, 20), size=st.integers(1, 50))
def test_pages_side_by_side_are_the_list(total: int, number: int, size: int) -> None:
    found = list(range(total))
    asked = list_page(found, number, size)
    assert asked.total == total and asked.is_whole is (total <= size)
    assert bool(asked.items) is bool(found)
    whole: list[int] = []
    turned = 1
    while (page := list_page(found, turned, size)).items:
        assert found[page.first - 1 : page.last] == list(page.items)
        whole += page.items
        if not page.has_next:
            break
        turned += 1
    assert whole == found

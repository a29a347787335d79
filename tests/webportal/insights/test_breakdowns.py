from webportal.insights.breakdowns import customers_where


def test_an_address_names_its_filters() -> None:
    assert customers_where() == "/customers/"
    assert customers_where(band="high") == "/customers/?band=high"
    assert customers_where(place="MA-NH", band="high") == "/customers/?place=MA-NH&band=high"
    assert customers_where(from_=10, to=15) == "/customers/?from=10&to=15"
    assert customers_where(place="A & B") == "/customers/?place=A+%26+B"


def test_an_unknown_value_has_a_list_too() -> None:
    assert customers_where(gender="unknown") == "/customers/?gender=unknown"

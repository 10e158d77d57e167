"""Vandaag tells of what was counted in one sentence, however much there is."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.day.product import let_open, make_todays, put_in_box, site_of_product
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import seal_on_device
from tests.support.databases import making

ANSWERED = ("de-wasmachine", "half-vijf", "zes-weken-weg", "een-droom-in-de-keuken")


def test_news_of_four_counts_is_one_sentence_of_three(
    sqlite_template: Path, tmp_path: Path, visit: Visit
) -> None:
    with site_of_product(tmp_path, making.copy_sqlite(sqlite_template, tmp_path)) as product:
        person = product.person()
        let_open(product, (*ANSWERED, "timo-of-kevin"))
        make_todays(product, "timo-of-kevin", [])
        for dilemma in ANSWERED:
            put_in_box(product, person, dilemma)
        with product.database.transaction() as session:
            session.connection().exec_driver_sql("DELETE FROM envelope")
        phone = visit(person, site=product)
        phone.goto("/")
        expect(phone.locator(".kk-news")).to_be_hidden()
        day = phone.evaluate("new Date().toISOString().slice(0, 10)")
        for dilemma in ANSWERED:
            seal_on_device(phone, f"kk.keuze.{dilemma}.1", {"optie": "b"}, dag=day)
        phone.goto("/")
        expect(phone.locator(".kk-news")).to_have_count(1)
        expect(phone.locator(".kk-news a:visible")).to_have_count(3)

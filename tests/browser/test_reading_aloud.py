"""Reading aloud: offered where the device has a voice of its own, each piece in its own language."""

from playwright.sync_api import Browser, Page, expect

# No machine without a screen has voices: these stand in for a device's.
VOICES = """
  const voices = %s.map(([lang, localService]) => ({ lang, localService, name: lang }));
  const said = [];
  Object.defineProperty(window, "SpeechSynthesisUtterance", { value: class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  } });
  Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
    said, getVoices: () => voices, speak: (words) => said.push(words), cancel: () => { said.length = 0; },
  }) });
"""


def open_an_offer(page: Page) -> None:
    page.goto("/en/angebote")
    page.locator(".offer-name a").first.click()
    page.wait_for_url("**/en/angebot/*")


def test_nobody_is_offered_a_voice_that_is_not_on_the_device(desk: Page) -> None:
    open_an_offer(desk)
    expect(desk.get_by_role("button", name="Print")).to_be_visible()
    expect(desk.locator("[data-read-aloud]")).to_be_hidden()


def test_voices_of_a_company_far_away_are_not_used(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    context.add_init_script(VOICES % '[["en-GB", false], ["de-DE", false]]')
    page = context.new_page()
    open_an_offer(page)
    expect(page.locator("[data-read-aloud]")).to_be_hidden()
    context.close()


def test_each_piece_is_read_in_its_own_language_until_one_stops(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    context.add_init_script(VOICES % '[["en-GB", true], ["de_DE", true]]')
    page = context.new_page()
    open_an_offer(page)
    page.get_by_role("button", name="Read aloud").click()
    said = page.evaluate("speechSynthesis.said.map(({text, lang, voice}) => [text, lang, voice.lang])")
    name = page.locator("h1").inner_text()
    assert [name, "de", "de_DE"] in said
    assert ["Opening hours", "en", "en-GB"] in said
    assert not [text for text, *_ in said if text in {"Print", "Read aloud", "Copy address"}]
    page.get_by_role("button", name="Stop reading aloud").click()
    assert page.evaluate("speechSynthesis.said.length") == 0
    expect(page.get_by_role("button", name="Read aloud")).to_be_visible()
    context.close()

"""What keeps people out of a page, as axe-core finds it."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

LOOK = f"""async (known) => {{
    {Axe().axe_script};
    const grave = new Set(["serious", "critical"]);
    const contrast = "color-contrast";
    const wanted = axe._audit.rules.filter((rule) =>
        rule.enabled && grave.has(rule.impact) && !rule.tags.includes("experimental") && rule.id !== contrast);
    const found = await axe.run({{
        runOnly: {{ type: "rule", values: wanted.map((rule) => rule.id) }},
        resultTypes: ["violations"],
        reporter: "no-passes",
    }});

    const look = (element) => {{
        const own = getComputedStyle(element);
        const off = element.matches(":disabled, [aria-disabled=true]") || element.control?.disabled;
        const parts = [own.color, own.fontSize, own.fontWeight, own.textShadow, own.position, off];
        for (let each = element; each; each = each.parentElement ?? each.getRootNode().host) {{
            const style = getComputedStyle(each);
            parts.push(style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode);
        }}
        return parts.join("|");
    }};
    const elements = (root) => [...root.querySelectorAll("*")]
        .flatMap((each) => each.shadowRoot ? [each, ...elements(each.shadowRoot)] : [each]);
    const said = (element) => element.matches("input, select, textarea") ? "a field" : [...element.childNodes]
        .map((each) => each.nodeType === Node.TEXT_NODE ? each.data.trim() : "").join("");
    const anew = new Map();  // of each look the longest text: of a single letter axe-core is not sure
    for (const each of elements(document.body).filter((each) => said(each) && each.checkVisibility())) {{
        const it = look(each), longest = anew.get(it);
        if (!known.includes(it) && !(longest && said(longest).length >= said(each).length)) anew.set(it, each);
    }}
    const seen = [];
    if (anew.size) {{
        const contrasts = await axe.run({{ include: [...anew.values()] }}, {{
            runOnly: [contrast], resultTypes: ["violations", "passes"], elementRef: true,
        }});
        found.violations.push(...contrasts.violations);
        seen.push(...contrasts.passes.flatMap((rule) => rule.nodes.map((each) => look(each.element))));
    }}
    return [found.violations.map((each) => [each.id, each.impact, each.nodes[0].target]), [...new Set(seen)]];
}}"""  # in one go, and only what was found comes back: half a megabyte is on its way as it is
GRAVE = {"serious", "critical"}
LEGIBLE: set[str] = set()  # looks that axe-core found to have contrast enough, on whichever page


async def barriers(page: Page) -> list[str]:
    """The serious and critical ones: rule, and where.

    Most of axe-core's work is contrast. How well a text can be read depends on its colour, size and weight, and on what
    lies behind it: those are looked at once in all tests, on the first page that has them.
    """
    found, seen = await page.evaluate(LOOK, list(LEGIBLE))
    LEGIBLE.update(seen)
    return [f"{rule}: {target}" for rule, impact, target in found if impact in GRAVE]

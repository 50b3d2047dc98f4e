"""How a survey was made, point by point, after the AAPOR Transparency Initiative's list."""

from __future__ import annotations

from bot.reports.phrases import CHANNELS, MODES, day, named, percent, whole
from surveys.language import translate
from surveys.statistics.results import Results


def method_rows(results: Results, language: str) -> list[tuple[str, list[str]]]:
    """Return points with their sentences; points that nothing is known of are left out."""

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    campaign, response = results.campaign, results.response
    comma = t(", ")
    rows = [
        (t("Who asked"), [campaign.organiser]),
        (t("Legal basis"), [campaign.legal_basis]),
        (
            t("When"),
            [
                t(
                    "{first} to {last}; figures as of {as_of}, time zone {zone}.",
                    first=day(campaign.starts_at, results, language),
                    last=day(campaign.closes_at, results, language),
                    as_of=day(campaign.as_of, results, language),
                    zone=campaign.zone,
                ),
            ],
        ),
    ]
    if results.surveyed:
        rows += sample_rows(results, language)
    modes = [t("{mode}: {count}", mode=named(MODES, mode, language), count=n) for mode, n in results.modes.items()]
    channels = [named(CHANNELS, channel, language) for channel in campaign.channels]
    how = [t("Channels: {channels}.", channels=comma.join(channels))] if channels else []
    how += [t("How the interviews were answered: {modes}.", modes=comma.join(modes))] if modes else []
    how += [
        t(
            "For {people} people {by} took over, because {left} did not reach them.",
            people=whole(count),
            left=named(CHANNELS, way.partition(" > ")[0], language),
            by=named(CHANNELS, way.partition(" > ")[2], language),
        )
        for way, count in results.reach.moved.items()
    ]
    rows.append((t("How people were asked"), how))
    if results.surveyed:
        rows += quality_rows(results, language)
    again = [
        t("results.json beside this page holds every figure with the counts and weights it was made of."),
        t("`pingyi campaign results {name} --json` works it out anew from the stored facts.", name=campaign.name),
    ]
    if campaign.seed and response.drawn:
        again.append(
            t("Seed of the draw: {seed}. Frame and seed give the same sample on any machine.", seed=campaign.seed)
        )
    rows.append((t("How to recompute"), again))
    return [(point, said) for point, said in rows if any(said)]


def sample_rows(results: Results, language: str) -> list[tuple[str, list[str]]]:
    """Return whom the figures are about and how they were drawn and weighted."""

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    response, campaign = results.response, results.campaign
    population = [
        t(
            "{population} residents of the sampling frame in {strata} strata.",
            population=whole(response.population),
            strata=len(results.weights),
        ),
    ]
    if campaign.minimum_age:
        population.append(t("Aged {age} or older.", age=campaign.minimum_age))
    return [
        (t("Population"), population),
        (
            t("Sample"),
            [
                t("Stratified random sample without replacement, reserves released in whole replicates."),
                t(
                    "{drawn} drawn, {released} of them invited, {complete} complete and {partial} partly complete.",
                    drawn=whole(response.drawn),
                    released=whole(response.released),
                    complete=whole(response.complete),
                    partial=whole(response.partial),
                ),
                t(
                    "Complete means at least {complete} of the questions asked, partly complete at least {partial}, "
                    "the key question among them.",
                    complete=f"{100 * campaign.complete_share:.0f}%",
                    partial=f"{100 * campaign.partial_share:.0f}%",
                ),
            ],
        ),
        (
            t("Weighting"),
            [
                t(
                    "Base weight: residents of the stratum ÷ residents invited. Eligibility: the share found not "
                    "eligible is taken off the population; those of unknown eligibility count as eligible.",
                ),
                t(
                    "Nonresponse: within each stratum the weights of those who answered are raised to stand for all "
                    "eligible (weighting class adjustment). Final weight = base weight × this factor.",
                ),
                t("Effective sample size {size} (Kish).", size=f"{results.n_effective:.1f}"),
            ],
        ),
    ]


def quality_rows(results: Results, language: str) -> list[tuple[str, list[str]]]:
    """Return how sure the figures are and what limits them."""

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    rates = results.response.rates
    return [
        (
            t("Precision"),
            [
                t(
                    "95 % confidence intervals from linearised standard errors for the stratified design with finite "
                    "population correction: logit intervals for shares, Korn-Graubard where a share is 0 or 100 %.",
                ),
                t(
                    "Strata whose intervals overlap are called tied. Nothing is ranked.",
                ),
            ],
        ),
        (
            t("Response rate"),
            [
                t(
                    "RR1 {rr1}: complete interviews ÷ all invited but those found not eligible (AAPOR). "
                    "RR2 {rr2} counts partly complete ones as well.",
                    rr1=percent(rates.rr1),
                    rr2=percent(rates.rr2),
                ),
            ],
        ),
        (
            t("Denominators"),
            [
                t(
                    "Shares of options: all who answered the question, don't know included. Satisfied share: those "
                    "with an opinion; the share of all who answered stands beside it in the tables.",
                ),
            ],
        ),
        (t("Limitations"), [limitation.text(language) for limitation in results.limitations]),
    ]

"""The English sentences of an audit: finding, meaning, remedy, by kind."""

from __future__ import annotations

__all__ = ["ENGLISH"]

ENGLISH: dict[str, tuple[str, str, str]] = {
    "constant": (
        "{a} is {value} for all {n} units, so it tells nobody apart.",
        "An indicator without differences cannot move a rank; with most scales it cannot even be put on one.",
        "Take it out of the tree, or check whether the right column was read.",
    ),
    "empty": (
        "{a} has no figure for any unit.",
        "The index promises something that it does not measure.",
        "Add its figures, allow older ones (`max_age` in the codebook), or take it out of the tree.",
    ),
    "weights_ignored": (
        "The weights below {a} do nothing: its method, `{method}`, gives the same scores with equal weights.",
        "Readers will believe that the larger weight counts for more. It does not.",
        "Use a weighted mean, or give the children no weights and say so.",
    ),
    "indicator_coverage": (
        "{a} has figures for {share} of the units; usual is at least {limit}.",
        "Where figures are missing, the rank rests on fewer indicators or on estimates.",
        "Find the missing figures, or take the indicator out.",
    ),
    "unit_coverage": (
        "{who} is ranked on {share} of its indicators ({have} of {n}); usual is at least {limit}.",
        "The rank of such a unit says more about which figures happen to exist than about the unit.",
        "Find its figures, or leave it out with `steps.screen: {{min_available: {floor}}}`.",
    ),
    "units_coverage": (
        "Less than {limit} of the indicators are there for further units: {who}.",
        "Their ranks rest on few figures.",
        "Find their figures, or leave them out with `steps.screen`.",
    ),
    "unit_excluded": (
        "{who} has {share} of its indicators and is left out of the ranking.",
        "Too little is known of it to rank it.",
        "Nothing, if readers are told; otherwise find its figures.",
    ),
    "pillar_coverage": (
        "Less than {limit} of the indicators of {a} are there for {who}.",
        "Their score in this part of the index hangs on one or two figures.",
        "Ask for more with `steps.screen: group_min_available` or the node's `min_available`.",
    ),
    "stale": (
        "The figures of {a} are typically {age} years old (from {years}; the index is of {latest}).",
        "An old figure describes another time; whoever changed since is ranked by the past.",
        "Use a newer release, set `max_age` in the codebook, or say so beside the rank.",
    ),
    "stale_unit": (
        "The figures of {who} are typically {age} years old; those of the others are of {latest}.",
        "This unit is ranked by its past.",
        "Find newer figures, or mark the unit.",
    ),
    "stale_cells": (
        "{a} has figures more than {limit} years old for {who}.",
        "These units are compared across different times.",
        "Renew them, or set `max_age` in the codebook.",
    ),
    "old_source": (
        "The codebook names {year} in the source of {a}; other indicators name {latest}.",
        "The figures may be old; the table does not say of which year they are.",
        "Check for a newer release, and give the figures a year (`columns: time`).",
    ),
    "carried": (
        "The figures of {a} are the same in {one} and {two} for {share} of the units.",
        "They were probably carried forward: the index looks up to date and is not.",
        "Use the new figures, or say that these are old.",
    ),
    "backfilled": (
        "Known only as revised later: {names}.",
        "Past editions then use figures that nobody had at the time.",
        "Keep the release of each edition (`podium evidence import`), or say so.",
    ),
    "outlier": (
        "{who}: {value} in {a}, where {middle} is typical ({z} times the usual spread away){treated}.",
        "One such figure can squeeze all other units together; often it is a slip of the decimal point or of the unit.",
        "Check the figure at its source; if it is right, treat it (`steps.treat`) or transform the indicator.",
    ),
    "skewed": (
        "A few units lie far from the many in {a} (skew {skew}, kurtosis {kurtosis} before treatment{treated}).",
        "The few are spread out and the many crowded together, so that differences among the many hardly count.",
        "A logarithm (`transform: {{method: log}}`) or `steps.treat` spreads them.",
    ),
    "nearly_constant": (
        "{share} of the units have the same value, {value}, in {a}.",
        "The indicator separates only the few others.",
        "Use a finer measure, or take it out.",
    ),
    "treatment_moves": (
        "{which} moves ranks by up to {most} and changes {n} of {all} ranks.",
        "How outliers are treated is a choice; here it is one that readers can see in the ranking.",
        "Say which treatment was used, and show the ranks without it.",
    ),
    "denominator_scale": (
        "{a} per {by} is about {factor} times {side} for {who} than for the others; before the division it is not.",
        "The denominator of these units is probably in another unit (thousands against ones, say).",
        "Check the column {by} for these units; give all in one unit.",
    ),
    "two_scales": (
        "The figures of {a} fall into two heaps, {factor} times apart: {low} low ones and {high} high ones.",
        "Part of the figures is probably in another unit (thousands against ones, per cent against shares).",
        "Check the unit of the smaller heap: {who}.",
    ),
    "divided_wrongly": (
        "Divided by {by}, {a} mirrors {by} itself: rank correlation {r} (before {raw}).",
        "A figure that does not grow with size becomes a measure of smallness when it is divided by size.",
        "Do not divide it, or divide by what it really grows with.",
    ),
    "size": (
        "{a} goes with {by}: rank correlation {r}. It measures size, and is not divided by it.",
        "Large units lead because they are large.",
        "Divide it (`steps.denominate`), or say that size is meant.",
    ),
    "clipped": (
        "{share} of the units stand at an end of the scale in {a}.",
        "The posts of the scale do not fit the figures; the indicator no longer separates these units.",
        "Check posts and unit of the figures (shares against per cent, ones against thousands).",
    ),
    "impossible": (
        "{a} is given in “{unit}”, but {who} has {value}.",
        "Such a figure cannot be; unit or figure is wrong.",
        "Check the figure, or mend the unit in the codebook.",
    ),
    "duplicate": (
        "{a} and {b} hold the same figures (r = {r}). They count twice.",
        "The thing they measure gets the weight of both.",
        "Drop one, or halve both weights.",
    ),
    "mirror": (
        "{a} and {b} are mirror images (r = {r}). They cancel each other out.",
        "Whatever one gives, the other takes away; one of them points the wrong way.",
        "Check the direction of both in the codebook, then drop one.",
    ),
    "redundant": (
        "{a} and {b} say almost the same (r = {r}){where}: they count {how}.",
        "Two indicators that nearly agree give one thing a double weight.",
        "Drop one, or halve both weights.",
    ),
    "composite": (
        "{a} follows from {names}, which explain {share} of it. It counts them a second time.",
        "An indicator that is put together from others in the index gives those a hidden extra weight.",
        "Drop it, or drop its parts.",
    ),
    "direction": (
        "{a} runs against the rest of the index (r = {r} with all others, {own} within its group).",
        "Who is good at everything else is bad at this. Often the direction is the wrong way round.",
        "Check `direction` of {code} in the codebook; if it is right, the indicator works against its group.",
    ),
    "negative_pillar": (
        "{a} runs against the rest of the index (r = {r} with the other parts together).",
        "What this part gives, the others take away; the total then says little about either.",
        "Check its directions; if they are right, report the part on its own.",
    ),
    "low_parent": (
        "{a} hardly moves with its own group, {b} (r = {r}; usual is at least {limit}).",
        "It adds noise, or measures something else than its group.",
        "Move it to another group, replace it, or say why it belongs there.",
    ),
    "misplaced": (
        "{a} moves with {c} (r = {other}) more than with its own group, {b} (r = {r}).",
        "It may stand in the wrong part of the index.",
        "Consider moving it.",
    ),
    "negative_pair": (
        "Within {c}, {a} and {b} partly cancel each other out (r = {r}).",
        "Inside one group, the gain of one indicator is the loss of the other.",
        "Check both directions; or put them into different groups.",
    ),
    "weak": (
        "{a} hangs together weakly: its {n} indicators hardly move together (α = {alpha}, usual is at least"
        " {limit}; r = {r} on average).",
        "Its score is less one thing than a mixture; other indicators of the same thing could give other ranks.",
        "{look}, or call the part a collection.",
    ),
    "opposed": (
        "The {n} indicators of {a} run against each other (r = {r} on average, α = {alpha}).",
        "What one gives another takes away, so the score of this part says little about any of them.",
        "Check the direction of each. {look}. If all are right, report them apart.",
    ),
    "dimensions": (
        "{a} holds {n} things rather than one: the first explains {share} of the differences ({n} eigenvalues"
        " above {limit}).",
        "One score for two things hides which of them a unit is good at.",
        "Split the group, or say that it is a collection.",
    ),
    "idle_weight": (
        "{a} has {weight} of the weight in {b} but makes {share} of the differences in its score.",
        "Its weight does not do what it says: its scores hardly differ, or run against the others.",
        "Look at its spread (outliers, posts) and direction before changing the weight.",
    ),
    "dominant": (
        "{a} has {weight} of the weight in {b} but makes {share} of the differences in its score.",
        "The score of the group is mostly this one.",
        "Look at its spread (scale, outliers), or lower its weight.",
    ),
    "unbalanced": (
        "Weight and influence differ in {a}: {high} has {high_weight} of the weight and {high_share} of the"
        " influence, {low} {low_weight} and {low_share}.",
        "Weights are not influence: parts that move together pull the index their way whatever their weight.",
        "Say what the weights mean, or let `steps.weights: {{method: optimised}}` balance them.",
    ),
    "same_weights": (
        "The weights of {a} make no difference: with equal weights no unit moves by more than {most}.",
        "Debates about these weights are idle; the parts go together so closely that any weights give this ranking.",
        "Equal weights would be simpler to defend.",
    ),
    "compensation": (
        "If a strong part could not make up for a weak one, {n} of {all} units would move by {limit} places or"
        " more, {who} most ({move}).",
        "Their rank (here by the geometric mean) rests on one strong part, or is held down by one weak one.",
        "Say whether parts may make up for each other; a geometric mean rewards balance.",
    ),
    "wide": (
        "For {share} of the units the rank is uncertain by more than {limit} places; a typical interval spans"
        " {middle} of {all} places.",
        "Other choices that are just as defensible would put these units elsewhere.",
        "Publish intervals or tiers beside ranks; single places mean little here.",
    ),
    "shifted": (
        "{share} of the units keep their published rank within {limit} places when other defensible choices are"
        " made; usual is {wanted}.",
        "The published ranking is not the typical one among equally defensible rankings.",
        "Look at the chapter on sensitivity for the choice that shifts it.",
    ),
    "perfect": (
        "Nothing moves the ranks: a typical interval is {middle} wide.",
        "Perfect robustness is no praise: the parts may all say the same, so that one would do.",
        "Look at redundancy and at what the index adds over its parts.",
    ),
    "hinge": (
        "One choice decides most: “{name}” makes {share} of all movement of ranks.",
        "The ranking hinges on this one choice.",
        "Give reasons for it first, and show the ranking under the other option.",
    ),
    "adds_little": (
        "The index ranks almost as {a} alone does (rank correlation {r}; {share} of the units move by 10 places"
        " or more).",
        "Whoever knows this one part knows the index.",
        "Say what the other parts add, or publish the part.",
    ),
    "adds_little_over": (
        "The index ranks almost as {by} alone does (rank correlation {r}).",
        "Whoever knows this figure knows the index.",
        "Say what the index adds.",
    ),
    "doubt": (
        "Under the weights that flatter each most, {who} would gain {most}.",
        "The weights cost it more than its figures do.",
        "Be ready to explain the weights.",
    ),
}  # fmt: skip

# ruff: noqa: B018, D100, E402

# %% [markdown]
# # How robust is the ranking?
#
# Every figure here rests on choices: how deep a boat patrols, how far a sensor hears, how much
# each component of the index counts. None of them is a fact. This notebook moves them and watches
# what happens to the order of five options.

# %%
import okhotsk
from okhotsk.theatre.coarsen import coarsen

theatre = coarsen(okhotsk.load(), 6)
names = [
    "three-islands",
    "half-area-2006",
    "four-islands",
    "four-islands-demilitarised",
    "kawana-1998",
]
[okhotsk.load_scenario(name).title for name in names]

# %% [markdown]
# Each assessment comes with an interval of its index: 5–95% over the ranges of all assumptions and
# all weightings of the eight components. Samples are few here; by default there are 48.

# %%
results = okhotsk.assess_all(theatre, names, samples=8)
results[2]

# %% [markdown]
# One assumption at a time first. The refuge is patrol water further than 200 km from every shore
# where Japanese forces may stand. That distance is our choice, for how far from shore a patrol
# helicopter may search. Every result holds the refuge for other distances. The greater the
# distance, the more the options differ, but they keep their order.

# %%
import pandas as pd

shares = {
    result.scenario.scenario_id: result.refuge_curve.set_index("standoff_km").refuge_km2
    / result.record["patrol_km2"]
    for result in results
}
pd.DataFrame(shares).loc[[40, 100, 200, 300]].T.style.format("{:.1%}")

# %% [markdown]
# The sensor range next. No source settles it, and four of the eight components need it. Every
# result holds the index at other ranges, and the index of the other four components. The range
# moves the index of `half-area-2006` far more than that of `three-islands` or `kawana-1998`.

# %%
indices = {
    result.scenario.scenario_id: {
        **result.range_curve.set_index("sensor_range_km")["index"],
        "without sensors": result.index_without_sensors,
    }
    for result in results
}
pd.DataFrame(indices).T.style.format("{:.0f}").set_caption("Index by sensor range, km")

# %% [markdown]
# Other assumptions move the index as well. So all are drawn at once from their published or stated
# ranges, and all weightings besides. `analyse` gives the probability of every rank. Eight samples
# show the pattern; `okhotsk.assessment.robustness.robustness_table` takes 192 on finer cells, and
# minutes.

# %%
from okhotsk.assessment.uncertainty import Sampler, analyse

found = analyse(
    Sampler(theatre),
    [result.scenario for result in results],
    [result.record for result in results],
    results[0].today,
    count=8,  # as above, so that no new ones are drawn
)
found.ranks.style.format("{:.0%}").set_caption("Probability of each rank, best first")

# %% [markdown]
# The share of the variance says what the interval comes from: assumptions about the world, or the
# weights, which are a matter of taste.

# %%
found.variance.style.format("{:.0%}").set_caption("What moves the index")

# %% [markdown]
# In the figure every row is an option and every shade a rank. A row of one shade is an option whose
# place is certain within these ranges.

# %%
import matplotlib.pyplot as plt
import numpy as np

figure, axes = plt.subplots(figsize=(8, 2.9), layout="constrained")
shades = plt.colormaps["cividis"](np.linspace(0.95, 0.15, len(names)))
left = np.zeros(len(names))
for rank, shade in zip(found.ranks.columns, shades, strict=True):
    share = 100 * found.ranks[rank].to_numpy()
    bars = axes.barh(names, share, left=left, color=shade, label=rank.replace("_", " "))
    dark = shade[:3].mean() < 0.5
    labels = [f"{value:.0f}" if value >= 8 else "" for value in share]
    axes.bar_label(bars, labels, label_type="center", color="white" if dark else "black")
    left += share
axes.set(xlabel="probability of the rank, per cent", xlim=(0, 100))
axes.invert_yaxis()
axes.spines[["top", "right"]].set_visible(False)
figure.legend(loc="outside upper center", ncols=len(names), frameon=False)
plt.show()

# %% [markdown]
# What this does not test: the seabed (see *An option and a seabed of one's own*), the choice of the
# measures themselves, and everything that is left out of all of them: ice, sound, currents.

# ruff: noqa: B018, D100, E402

# %% [markdown]
# # What would four islands cost?
#
# Japan claims Habomai, Shikotan, Kunashir and Iturup. Russia keeps the Sea of Okhotsk behind the
# Kuril chain as water in which its missile submarines are hard to reach. This notebook hands the
# islands over, one step at a time, and looks at what is left of that.

# %% [markdown]
# The *theatre* is all that no option changes: coast, seabed, the limits of the sea, its straits.
# Cells of six arc-minutes keep this notebook quick; leave out `coarsen` for figures to quote.

# %%
import okhotsk
from okhotsk.theatre.coarsen import coarsen

theatre = coarsen(okhotsk.load(), 6)
theatre

# %% [markdown]
# An *option* says which land is handed over, and whose forces may stand there afterwards.

# %%
okhotsk.load_scenario("four-islands")

# %% [markdown]
# Six options, from nothing to everything south of the Bussol Strait. The interval of the index
# rests on few samples of the assumptions here (by default there are 48).

# %%
ladder = [
    "status-quo",
    "habomai-shikotan-1956",
    "three-islands",
    "half-area-2006",
    "four-islands",
    "urup-line",
]
results = dict(zip(ladder, okhotsk.assess_all(theatre, ladder, samples=6), strict=True))
results["four-islands"]

# %% [markdown]
# A *seal line* is the shortest line over deep water that keeps the core of the sea from the ocean
# and from Japanese waters. The map shows it beside that of today (dashed). The map needs no
# network: switch layers on, click on straits and islands.

# %%
results["four-islands"].explore(baseline=results["status-quo"], height=620)

# %% [markdown]
# Side by side, the steps are uneven. Habomai and Shikotan change next to nothing. With Kunashir
# the first strait is shared. With the south of Iturup the Yekaterina Strait becomes a way in past
# few Russian shores: an intruder's exposure falls to a fraction of today's, at the sensor range of
# 100 km that is assumed here. The section of the seal counts water down to 450 m, the depth to
# which boats are reported to dive.

# %%
import pandas as pd

columns = ["ceded_land_km2", "barrier_km", "operating_area_km2"]
columns += ["refuge_share", "intruder_exposure", "index"]
table = pd.concat([result.to_frame() for result in results.values()]).set_index("scenario_id")
table[columns].round(2)

# %% [markdown]
# The figure shows the index (100 is today). The bars hold 90% of what other assumptions and other
# weightings of the same components would give: read them, not the dots.

# %%
import matplotlib.pyplot as plt

figure, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
rows = [f"{name} ({row.ceded_land_km2:,.0f} km²)" for name, row in table.iterrows()]
axes.hlines(rows, table.index_low, table.index_high, color="#8fb4d6", linewidth=7)
axes.plot(table["index"], rows, "o", color="#0b3d6b")
for row, value in zip(rows, table["index"], strict=True):
    axes.annotate(f"{value:.0f}", (value, row), (0, 8), textcoords="offset points", ha="center")
axes.set(xlabel="index, 100 as today", xlim=(0, 105), ylim=(5.5, -0.8))
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# What this leaves out: ice, currents and sound; baselines other than the shore; straits that the
# shipped seabed does not resolve. The card above names them. The coast is
# that of GSHHG; the card names the seabed.

# ruff: noqa: B018, D100, E402

# %% [markdown]
# # An option and a seabed of one's own
#
# Ten options ship with the package, and one seabed. You can bring others. This notebook makes up
# an option and a seabed, and asks which of the two moves the answer further. Both are inventions,
# written to show how it is done.

# %% [markdown]
# An option is a small text file. Here all of Shikotan and the Habomai islets are handed over
# without forces, and of Kunashir what lies south of the 44th parallel. The file `data/README.md`
# lists the keys; mistakes are named all at once.

# %%
from pathlib import Path

import okhotsk

Path("half-kunashir.toml").write_text(
    """
id = "half-kunashir"
title = "Shikotan, Habomai and the south of Kunashir, demilitarised"
line = "Along the 44th parallel on Kunashir."

[[cede]]
units = ["habomai", "shikotan"]
forces = "none"

[[split]]
unit = "kunashir"
rule = "parallel"
lat = 44.0
forces = "none"
"""
)
option = okhotsk.load_scenario("half-kunashir.toml")
option

# %% [markdown]
# On the shipped seabed first, on coarse cells to be quick, and for a boat that patrols at 150 m
# rather than 200 m. What differs from the default is noted on the card.

# %%
from okhotsk.theatre.coarsen import coarsen

shipped = okhotsk.load()
assumptions = okhotsk.Assumptions(patrol_depth_m=150)


def answer(theatre):
    """Assess the option, with few samples of the assumptions behind its interval."""
    (result,) = okhotsk.assess_all(
        coarsen(theatre, 6), [option], assumptions=assumptions, samples=4
    )
    return result


before = answer(shipped)
before

# %% [markdown]
# Now the seabed. Any GeoTIFF or NetCDF in longitude and latitude serves that covers the window, in
# metres. This one is made up: the shipped depths on cells of 5 arc-minutes, with a ridge that
# leaves 40 m of water in the Friza Strait, between Iturup and Urup.

# %%
import numpy as np
import rasterio
import shapely

from okhotsk.raster.grid import Grid

bounds = shipped.grid.bounds
rows, cols = (n // 5 for n in shipped.grid.shape)
depth_m = shipped.seabed.depth_m.reshape(rows, 5, cols, 5).mean(axis=(1, 3))

# The ridge follows the throat of the strait: all cells within a quarter of a degree of it.
(friza,) = (throat for throat in shipped.throats if throat.strait.strait_id == "friza")
grid = Grid(bounds, (rows, cols))
centres = shapely.points(*np.meshgrid(grid.lon, grid.lat))
ridge = shapely.distance(centres, friza.line) < 0.25
depth_m[ridge] = np.minimum(depth_m[ridge], 40)

profile = {"driver": "GTiff", "width": cols, "height": rows, "count": 1, "dtype": "float32"}
with rasterio.open("ridge.tif", "w", crs="EPSG:4326", transform=grid.transform, **profile) as file:
    file.write(depth_m.astype(np.float32), 1)

# %% [markdown]
# A new seabed means new limits of the sea, sills and lines of sight: half a minute the first time,
# then from the cache. The sign of the values is told, since the file does not say it.

# %%
changed = okhotsk.load(seabed="ridge.tif", positive="down")
after = answer(changed)
after

# %% [markdown]
# The sills tell what happened: with 40 m over the ridge, Friza is no exit for a submerged boat.
# The others move too, by averaging alone: a warning of how much rests on the cells of a seabed.

# %%
sills = {
    name: result.straits.set_index("name").sill_depth_m
    for name, result in (("shipped", before), ("ridge", after))
}
import pandas as pd

pd.DataFrame(sills).dropna().sort_values("shipped", ascending=False).head(7).round(0)

# %% [markdown]
# Both answers for the same option. Half an island without forces moves neither figure. With the
# ridge the line is shorter by about the width of Friza, and two exits are gone: Friza, and Diana,
# whose throat is narrower than two of the averaged cells. The index shows nothing of this: it
# compares an option with a status quo on the same seabed.

# %%
import matplotlib.pyplot as plt

names = {"barrier_km": "seal line, km", "exits_russian": "deep exits, all Russian"}
figure, panels = plt.subplots(1, 2, figsize=(8, 2.6), layout="constrained")
for axes, (column, label) in zip(panels, names.items(), strict=True):
    values = [before.today[column], before.record[column], after.record[column]]
    labels = ["today", "this option", "and a ridge in Friza"]
    bars = axes.barh(labels, values, color=["#6b6b6b", "#0b5fa5", "#c2500a"])
    axes.bar_label(bars, fmt="{:,.0f}", padding=3)
    axes.set(xlabel=label, xlim=(0, 1.18 * max(values)))
    axes.locator_params(axis="x", integer=True, nbins=5)
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
panels[1].set_yticklabels([])
plt.show()

# %% [markdown]
# The ridge is an invention and shows only how to bring a seabed. With GEBCO the same three lines
# serve: `okhotsk.load(seabed="GEBCO.nc", positive="up")`.

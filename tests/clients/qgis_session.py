"""What QGIS makes of our files, as JSON; run by the Python that has its bindings, not by ours.

    python3 qgis_session.py FOLDER

FOLDER holds option.gpkg, option.kml and grids/; pictures are written into it.
"""

from __future__ import annotations

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsLayerTreeGroup,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsProviderRegistry,
    QgsProviderSublayerDetails,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

SIZE = QSize(900, 700)


def load_all(path):
    """The layers of a file as a drop on QGIS gives them, first one on top."""
    options = QgsProviderSublayerDetails.LayerOptions(QgsProject.instance().transformContext())
    found = QgsProviderRegistry.instance().querySublayers(path)
    return [sublayer.toLayer(options) for sublayer in found]


def fields(layer):
    return [{"name": f.name(), "title": f.alias(), "type": f.typeName()} for f in layer.fields()]


def vector(layer):
    renderer = layer.renderer()
    legend = [item.label() for item in renderer.legendSymbolItems()] if renderer else []
    return {
        "name": layer.name(),
        "valid": layer.isValid(),
        "legend": legend,
        "labels": layer.labelsEnabled(),
        "fields": fields(layer),
        "rows": layer.featureCount(),
    }


def nodes(group):
    """Groups and layers of the tree of a project, by name."""
    return [
        {"name": node.name(), "inside": nodes(node)}
        if isinstance(node, QgsLayerTreeGroup)
        else {"name": node.name(), **(vector(node.layer()) if node.layer() else {"valid": False})}
        for node in group.children()
    ]


def draw(layers, extent, crs, path):
    """Write a picture."""
    settings = QgsMapSettings()
    settings.setLayers([layer for layer in layers if layer.isSpatial()])
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    settings.setOutputSize(SIZE)
    settings.setBackgroundColor(QColor("#ffffff"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(path)


def raster(path, picture):
    layer = QgsRasterLayer(path, "grid")
    legend = [words for words, _ in layer.renderer().legendSymbologyItems()]
    draw([layer], layer.extent(), layer.crs(), picture)
    return {"valid": layer.isValid(), "kind": layer.renderer().type(), "legend": legend}


def main(folder):
    app = QgsApplication([], False)
    app.initQgis()
    loaded = load_all(f"{folder}/option.gpkg")
    project = QgsProject.instance()
    storage = f"geopackage:{folder}/option.gpkg?projectName="
    kept = app.projectStorageRegistry().projectStorageFromType("geopackage")
    [name] = kept.listProjects(storage)
    opened = project.read(storage + name)
    root = project.layerTreeRoot()
    told = {
        "loaded": [vector(layer) for layer in loaded],
        "project": {
            "opened": opened,
            "title": project.title(),
            "crs": project.crs().authid(),
            "tree": nodes(root),
        },
        "kml": [vector(layer) for layer in load_all(f"{folder}/option.kml")],
        "grids": {
            name: raster(f"{folder}/grids/{name}.tif", f"{folder}/{name}.png")
            for name in ("depth", "zones", "waters")
        },
    }
    view = project.viewSettings().fullExtent()
    draw(root.layerOrder(), view, project.crs(), f"{folder}/project.png")
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])

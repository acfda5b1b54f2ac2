"""What pytest leaves alone here."""

collect_ignore = ["qgis_session.py"]  # run by the Python of QGIS, not by ours

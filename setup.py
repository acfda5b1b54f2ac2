"""The packages of the wheel; everything else is in setup.cfg."""

from setuptools import find_packages, setup

# data/ stands at the top of the tree, where people look for it, and is okhotsk/data in the wheel.
setup(
    packages=[*find_packages(include=["okhotsk", "okhotsk.*"]), "okhotsk.data"],
    package_dir={"okhotsk.data": "data"},
)

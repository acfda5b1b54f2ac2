# Needs Python 3.11 or newer and make; the rest is installed into .venv.
PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
BENCH_PIP = .venv-bench/bin/python -m pip --disable-pip-version-check --quiet
UV_VERSION = 0.13.9
UV = .venv-uv/bin/uv
# Two cores are what one may count on; a file's tests share what they prepare.
PYTEST = -m pytest --numprocesses 2 --dist loadfile
PYTEST_ARGS =
BENCH_ARGS =

SETUP = setup.cfg setup.py pyproject.toml
# The build tool comes from the lock too, so nothing unlocked is installed.
INSTALL_SELF = $(PIP) install --no-deps --no-build-isolation --editable .
COMPILE = UV_CUSTOM_COMPILE_COMMAND='make lock' \
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes

.PHONY: help run explorer figures test lint test-min gallery bench lock upgrade data answers wheel clients clean
.NOTPARALLEL:

help:
	@echo 'make run       assess every named option, write the maps and tables to maps/'
	@echo 'make explorer  write maps/explorer.html, where islands change hands at a click'
	@echo 'make figures   draw the pictures of the README anew'
	@echo 'make test      run the tests (PYTEST_ARGS="-k name" for some of them)'
	@echo 'make lint      ruff, mypy, and the order of the rooms'
	@echo 'make clients   install QGIS, LibreOffice, pandoc and reveal.js, and run the tests that open our files in them'
	@echo 'make test-min  run the tests on the oldest versions that setup.cfg allows'
	@echo 'make bench     compare the speed with other tools (BENCH_ARGS="--kernel cut" for some of them)'
	@echo 'make gallery   run the notebooks of docs/gallery, write them and their pages to maps/gallery/'
	@echo 'make lock      bring the lock files in line with setup.cfg (upgrade: to the newest versions)'
	@echo 'make data      rebuild data/ from its sources'
	@echo 'make answers   answer anew what a first run would take long for (data/answers.zip)'
	@echo 'make wheel     build dist/okhotsk-*.whl'
	@echo 'make clean     remove the environments and everything that was built'

run: $(VENV)/run.stamp
	$(BIN)/okhotsk run --output maps

explorer: $(VENV)/run.stamp
	$(BIN)/okhotsk explorer --output maps/explorer.html

# The two pictures of the README; options that look alike at this size are left out.
figures: $(VENV)/run.stamp
	$(BIN)/okhotsk figure frontier --dpi 150 --output docs/frontier.png
	$(BIN)/okhotsk figure options --dpi 150 --output docs/options.png status-quo habomai-shikotan-1956 \
		three-islands half-area-2006 four-islands urup-line st-petersburg-1875 portsmouth-1905

test: $(VENV)/dev.stamp
	$(BIN)/python $(PYTEST) $(PYTEST_ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo setup.cfg

# Programs that others read our files in; `make test` skips what is not installed.
clients: $(VENV)/dev.stamp
	@tests/clients/install
	OKHOTSK_REQUIRE_CLIENTS=1 $(BIN)/python -m pytest -m clients $(PYTEST_ARGS) tests

# Old releases warn about things that newer ones have mended, hence -W default.
test-min: .venv-min/min.stamp
	.venv-min/bin/python tests/min_versions.py
	.venv-min/bin/python $(PYTEST) -W default -m 'not browser' $(PYTEST_ARGS)

gallery: $(VENV)/dev.stamp
	$(BIN)/python docs/gallery/build.py maps/gallery

bench: .venv-bench/bench.stamp
	.venv-bench/bin/python -m benchmarks.run $(BENCH_ARGS)

# GSTools, which draws the errors of the seabed, is a tool and no dependency.
data: $(VENV)/dev.stamp
	$(BIN)/python data/build.py

answers: $(VENV)/run.stamp
	$(BIN)/python data/answers.py

wheel: $(VENV)/run.stamp
	rm -rf build
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

# uv, because it writes one lock for every Python and platform; pip installs from it.
lock: $(UV)
	echo 'setuptools>=77' | $(COMPILE) $(UPGRADE) --extra test --extra dev --output-file requirements-dev.lock setup.cfg -
	echo 'setuptools>=77' | $(COMPILE) $(UPGRADE) --constraint requirements-dev.lock --output-file requirements.lock setup.cfg -

upgrade:
	$(MAKE) lock UPGRADE=--upgrade

clean:
	rm -rf .venv .venv-bench .venv-min .venv-uv build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find okhotsk tests data benchmarks -name __pycache__ -prune -exec rm -rf {} +
	find maps -mindepth 1 ! -name README.md -exec rm -rf {} +

$(VENV)/run.stamp: $(BIN)/pip requirements.lock $(SETUP)
	@echo 'Installing the locked dependencies into $(VENV)'
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(INSTALL_SELF)
	@touch $@

$(VENV)/dev.stamp: $(BIN)/pip requirements.lock requirements-dev.lock $(SETUP)
	@echo 'Installing the locked dependencies and the tools into $(VENV)'
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(INSTALL_SELF)
	@touch $(VENV)/run.stamp $@

.venv-min/min.stamp: $(UV) $(SETUP)
	@$(CHECK_PYTHON)
	$(UV) venv --quiet --clear --no-python-downloads --python "$$(command -v $(PYTHON))" .venv-min
	$(UV) pip install --quiet --python .venv-min --resolution lowest-direct --editable '.[test]'
	@touch $@

# Slides for tests/clients; npm comes from the Debian package of that name.
REVEAL = $(VENV)/share/reveal.js

clients: $(REVEAL)/dist/reveal.js

$(REVEAL)/dist/reveal.js: $(VENV)/dev.stamp
	@command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends npm
	@mkdir -p $(REVEAL)
	@cd $(REVEAL) && npm pack --silent reveal.js@6.0.2 && \
		tar xzf reveal.js-*.tgz --touch --strip-components 1 && rm reveal.js-*.tgz

# Apart from .venv, so that no peer of the benchmarks gets into the package.
.venv-bench/bench.stamp: requirements.lock benchmarks/requirements.txt $(SETUP)
	@$(CHECK_PYTHON)
	@echo 'Installing the locked dependencies and the peers into .venv-bench'
	@$(PYTHON) -m venv --clear .venv-bench
	@$(BENCH_PIP) install --require-hashes --requirement requirements.lock
	@$(BENCH_PIP) install --no-deps --no-build-isolation --editable .
	@$(BENCH_PIP) install --requirement benchmarks/requirements.txt
	@touch $@

# pip is the last file that venv writes.
$(BIN)/pip:
	@$(CHECK_PYTHON)
	@$(PYTHON) -m venv --clear $(VENV)

$(UV):
	@$(CHECK_PYTHON)
	@$(PYTHON) -m venv .venv-uv
	@.venv-uv/bin/pip --disable-pip-version-check --quiet install uv==$(UV_VERSION)

CHECK_PYTHON = $(PYTHON) -c 'import importlib.util, sys; \
	old = sys.version_info < (3, 11) and "okhotsk needs Python 3.11 or newer, but $(PYTHON) is " + \
	sys.version.split()[0] + ": name another, as in make PYTHON=python3.11 run"; \
	bare = not importlib.util.find_spec("ensurepip") and "$(PYTHON) lacks venv: apt-get install python3-venv"; \
	sys.exit(old or bare)'

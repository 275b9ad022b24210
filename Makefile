UV ?= $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PYTHON := .venv/bin/python

.PHONY: run test check bench words schema

run: .venv/ready
	@exec $(PYTHON) manage.py up

test: .venv/ready
	$(PYTHON) -m pytest -n auto --maxprocesses 4 --dist worksteal

check: .venv/ready
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	DATABASE_POOL=0 $(PYTHON) -W ignore manage.py makemigrations --check --dry-run
	PUBLIC_URL=https://book.example.org \
	SECRET_KEY=$$($(PYTHON) -c "import secrets; print(secrets.token_urlsafe(60))") \
	$(PYTHON) manage.py check --deploy --fail-level WARNING

bench: .venv/ready
	$(PYTHON) -m tests.bench

words: .venv/ready
	$(PYTHON) -m tests.languages

schema: .venv/ready
	$(PYTHON) -m tests.described

.venv/ready: requirements.lock $(filter .uv/%,$(UV))
	$(UV) venv -q --allow-existing
	$(UV) pip sync -q --require-hashes requirements.lock
	@touch $@

.uv/bin/uv:
	python3 -m venv .uv
	.uv/bin/pip install -q --disable-pip-version-check uv

# Linkway. `make demo` shows what it does, `make test` proves it; both install what they need on Debian 12.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PACKAGES := libxml2-dev libssl-dev libsqlite3-dev zlib1g-dev pkg-config
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
LINKWAY := .build/debug/linkway
# A build without what only debuggers read takes less time; `make test FLAGS=` for a debugger.
FLAGS := -Xswiftc -gnone -Xcc -g0

.PHONY: help setup build demo test mappings faults bench endtoend soak counts apart lint clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-10s %s\n", $$1, $$2 }'

# Installs those of some packages that are not there.
install = missing=""; for p in $(1); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; fi

setup:
	@command -v swift >/dev/null || { echo "Swift 6.2 or later is needed: https://www.swift.org/install/linux/"; exit 69; }
	@$(call install,$(PACKAGES))

build: setup ## build the command linkway (debug)
	@swift build $(FLAGS) --product linkway

demo: build ## a few documents go in; referrals come out
	@$(LINKWAY) demo

test: setup ## all tests
	@swift build $(FLAGS) --build-tests
	@swift test --skip-build --skip HTTPServiceTests --skip FloodTests
	@# Those that talk over sockets have the machine to themselves, and one that measures its own memory has a process.
	@swift test --skip-build --filter HTTPServiceTests
	@swift test --skip-build --filter FloodTests

mappings: build ## the tests that stand in the mapping files
	@$(LINKWAY) check && $(LINKWAY) test

faults: build ## kill, fail and starve the running gateway; nothing may be lost
	@$(call install,python3 strace e2fsprogs xfsprogs)
	@python3 Tests/Tools/daemon_sweep.py --short
	@python3 Tests/Tools/daemon_trouble.py --short
	@python3 Tests/Tools/power_cut.py --cuts 5
	@$(LINKWAY) verify crash --kills 25
	@$(LINKWAY) verify crash --kills 25 --to http
	@$(LINKWAY) verify crash --kills 25 --from http

endtoend: setup ## speed of the whole gateway beside that of the disk, as JSON lines
	@$(call install,python3 strace wrk)
	@swift build -c release --product linkway
	@python3 Benchmarks/endtoend.py

soak: setup ## an hour of steady work with kills: memory, descriptors, losses, as JSON lines
	@$(call install,python3)
	@swift build -c release --product linkway
	@python3 Benchmarks/soak.py

apart: setup ## many referrals of few people at once: nothing of one may be in another's, a JSON line
	@$(call install,python3 wrk)
	@swift build -c release --product linkway
	@python3 Benchmarks/apart.py

bench: setup ## speed, allocations and memory, as JSON lines
	@swift build -c release --product linkway-bench
	@.build/release/linkway-bench
	@.build/release/linkway-bench --packs

counts: setup ## allocations a message, held against what is committed
	@swift build -c release --product linkway-bench
	@.build/release/linkway-bench --check

lint: ## formatting and house rules
	@swift format lint --strict --recursive --parallel Sources Tests Benchmarks Package.swift
	@! grep -rnE 'import (FoundationXML|FoundationNetworking)' Sources
	@# What must last goes through DurableFiles: Foundation renames without flushing the folder.
	@! grep -rnE '([Dd]ata|[Tt]ext|contents)[A-Za-z]*\.write\(to|moveItem|createFile|options: *\.atomic' Sources --include=*.swift

clean: ## remove what was built
	@rm -rf .build

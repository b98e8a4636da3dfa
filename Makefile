# Two commands are all a new user needs: `make tutorial` and `make test`.

ARCH ?= native
export RLHF_ARCH := $(ARCH)

RLHF := .build/release/rlhf
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# Headers that the build needs, and the packages they come with.
LIBRARIES := libedit-dev libdnnl-dev libssl-dev
SWIFT_FILES := $(shell git ls-files '*.swift' 2>/dev/null)

.PHONY: tutorial test soak sanitize check build deps tools bench format lint sessions clean

## Walk through the first tutorial; without a terminal, run all of it.
tutorial: build
	$(RLHF) tutorial Tutorials/01-align-a-model.md

## Run the tests.
test: tools
	swift build --build-tests
	swift test --skip-build

## The reliability tests at full length: 1,000 losses of power, 200 kills, 100,000 cells, 1 GB of output.
soak: tools
	swift build -c release --build-tests -Xswiftc -enable-testing
	RLHF_SOAK=1 swift test -c release --skip-build -Xswiftc -enable-testing --filter '$(RELIABILITY)'

RELIABILITY := CrashTests|KillTests|LargeSessionTests|CheckpointFileTests

## Run the tests of kernels and models under the address sanitizer, C code under the undefined-behaviour
## sanitizer too (Swift has none for that on Linux). A build of its own, so it takes a while.
sanitize: deps
	swift build --build-tests --scratch-path .build-sanitized --sanitize=address $(UNDEFINED)
	ASAN_OPTIONS=detect_leaks=0 swift test --skip-build --scratch-path .build-sanitized \
		--sanitize=address --filter 'AutogradTests|LanguageModelsTests'

# Leaks are not looked for: memory that the pool keeps for the next step would be called one.
UNDEFINED := -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined

## Everything CI runs: tests, format lint, the tutorials end to end, replay of the recorded sessions,
## and where it can be installed a real Label Studio.
check: test lint check-tutorial sessions check-label-studio

.PHONY: check-tutorial
check-tutorial: build
	rm -rf .rlhf/check
	$(RLHF) run Tutorials/01-align-a-model.md --session .rlhf/check </dev/null
	rm -rf .rlhf/check-feedback
	$(RLHF) run Tutorials/02-human-feedback.md --session .rlhf/check-feedback </dev/null

## The longer lessons, end to end: what a reward model knows, and four ways to break PPO.
check-lessons: build
	rm -rf .rlhf/check-rewards .rlhf/check-microscope
	$(RLHF) run Tutorials/03-what-a-reward-model-knows.md --session .rlhf/check-rewards </dev/null
	$(RLHF) run Tutorials/04-ppo-under-the-microscope.md --session .rlhf/check-microscope </dev/null

.PHONY: check-lessons

sessions: build
	for session in Sessions/*/; do $(RLHF) replay "$$session" --verify </dev/null || exit $$?; done

## Build the program, optimised for this machine (ARCH=x86-64-v3 for one that travels).
build: deps
	swift build -c release --product rlhf

## Install the libraries that are missing.
deps:
	@missing=""; for package in $(LIBRARIES); do \
		dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
		echo "installing$$missing"; \
		$(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq$$missing; fi

# The tests drive the program in a real terminal.
tools: deps
	@command -v tmux >/dev/null || { echo "installing tmux"; \
		$(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq tmux; }

# A folder of its own, about a gigabyte; made once.
LABEL_STUDIO := .build-label-studio

## Drive a real Label Studio on this machine: push, kill, push again, annotate, pull, serve.
test-label-studio: $(LABEL_STUDIO)/bin/label-studio
	swift build --product rlhf
	$(LABEL_STUDIO)/bin/python Tests/LabelStudio/test.py .build/debug/rlhf $(LABEL_STUDIO)/bin/label-studio

$(LABEL_STUDIO)/bin/label-studio:
	python3 -m venv $(LABEL_STUDIO)
	$(LABEL_STUDIO)/bin/pip install --quiet label-studio==1.23.2

## The same where Label Studio can be installed within a quarter of an hour; where not, a sentence.
check-label-studio:
	@if timeout 900 $(MAKE) --no-print-directory $(LABEL_STUDIO)/bin/label-studio; then \
		$(MAKE) --no-print-directory test-label-studio; \
	else \
		echo "Label Studio cannot be installed here: its test is left out, its recorded answers are tested"; fi

.PHONY: test-label-studio check-label-studio

## Measure the engine's speed beside the machine's own limits.
bench: build
	$(RLHF) bench

## Put the code into the house format.
format:
	swift format --in-place --parallel $(SWIFT_FILES)

lint:
	swift format lint --strict --parallel $(SWIFT_FILES)

clean:
	rm -rf .build .build-sanitized .build-label-studio .rlhf

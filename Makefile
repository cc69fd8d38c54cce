# plumb: build, try, test, install. `make` alone prints what there is.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
SHARED ?= ../shared
# The Swift runtime goes into the binaries: they start faster and need no toolchain where they run. So does the C++ library
# that it uses, where the compiler has it as an archive: loading and binding it is a tenth of a short command's time.
STATIC_LIBRARIES = .build/static-libraries
# Generic types are built from what the compiler knows of them: from their names, each first use of one searches all
# conformances of the program, a third of a short command's time. Each function has a section of its own, which the linker
# needs to put those that run beside each other (Package.swift).
COMPILER_FLAGS = -disable-concrete-type-metadata-mangled-name-accessors -function-sections
RELEASE_FLAGS = -c release --static-swift-stdlib --disable-local-rpath -Xlinker -L$(CURDIR)/$(STATIC_LIBRARIES) \
	$(foreach flag,$(COMPILER_FLAGS),-Xswiftc -Xfrontend -Xswiftc $(flag))

.PHONY: help deps build demo test check check-all bench install dist deb clean

help:
	@echo 'make deps      install the C libraries and git, if they are missing'
	@echo 'make build     build plumb and plumb-sandbox for use'
	@echo 'make demo      watch plumb at work against its own sandbox'
	@echo 'make test      run all tests'
	@echo 'make check     check formatting and scripts'
	@echo 'make check-all tests under the sanitizers, conformance, fuzzers (long)'
	@echo 'make bench     compare speed with what you would run instead'
	@echo 'make install   install into PREFIX ($(PREFIX))'
	@echo 'make dist      make a tarball: programs, completions, manual'
	@echo 'make deb       make a Debian package'

deps:
	@ci/install-dependencies

build: deps
	@mkdir -p $(STATIC_LIBRARIES)
	@library=$$(cc -print-file-name=libstdc++.a 2>/dev/null); \
		if [ -f "$$library" ]; then ln -sf "$$library" $(STATIC_LIBRARIES)/; fi
	$(SWIFT) build $(RELEASE_FLAGS) --product plumb
	$(SWIFT) build $(RELEASE_FLAGS) --product plumb-sandbox

# The demo runs on debug binaries: they are what `make test` builds, and build in half the time.
demo: deps
	$(SWIFT) build --product plumb
	$(SWIFT) build --product plumb-sandbox
	@ci/demo

# One process a test target: two ways of starting programs in one process take each other's exit statuses.
TEST_TARGETS = Manifests Settings HTTP KubernetesAPI Rendering ChartSources Planning Applying Auditing PlumbCommands Sandbox Git EndToEnd

test: deps
	$(SWIFT) build --build-tests
	@for target in $(TEST_TARGETS); do \
		PLUMB_TRANSCRIPT="$$(ls "$$PWD/$(SHARED)/kubernetes/transcript.json" 2>/dev/null)" \
			$(SWIFT) test --skip-build --filter "^$${target}Tests\\." || exit 1; \
	done

check:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests
	for script in $$(grep -rlE '^#!.*bash' .ci ci); do bash -n "$$script" || exit 1; done

check-all: deps
	ci/check-all

bench: build
	ci/bench
	ci/bench-apply

install: build
	ci/packaging/tree '$(DESTDIR)' '$(PREFIX)'

dist: build
	ci/packaging/dist

deb: build
	ci/packaging/deb

clean:
	$(SWIFT) package clean

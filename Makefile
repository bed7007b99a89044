# Two commands do all the set-up on a fresh machine: make demo and make test.

GO      ?= go
SEED    ?= 0
COUNT   ?= 1000
FUZZ    ?= 20s
export GOFLAGS += -buildvcs=false

.DEFAULT_GOAL := help

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## a receipt survives a paper change, on a virtual printer (needs Go alone)
	@CGO_ENABLED=0 $(GO) run ./cmd/printerctl demo

.PHONY: build
build: ## build bin/printerctl, with USB where a C compiler and libusb are there
	$(GO) build -trimpath -o bin/printerctl ./cmd/printerctl

.PHONY: test
test: ## install what the full test needs, and run every test with the race detector
	@bash .ci/deps
	$(GO) vet ./...
	CGO_ENABLED=0 $(GO) build ./...
	$(GO) test -race -timeout 280s ./...

.PHONY: test-vm
test-vm: ## the drivers against a real kernel's USB and serial stack, in QEMU
	@bash .ci/vm/test.sh

.PHONY: cross
cross: ## build for the other systems, without cgo
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 $(GO) build ./...
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 $(GO) build ./...
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 $(GO) build ./...

.PHONY: test-nocgo
test-nocgo: ## the tests that need neither cgo nor the race detector (Windows, macOS)
	CGO_ENABLED=0 $(GO) vet ./...
	CGO_ENABLED=0 $(GO) test -timeout 280s ./...

.PHONY: bench
bench: ## the benchmarks; the ratios are to a baseline in the same run
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-vm
bench-vm: ## the media against bare loops over a real kernel's drivers, in QEMU
	@bash .ci/vm/test.sh -run '^$$' -bench '^BenchmarkVM' -benchtime 1x -p 1

.PHONY: fuzz
fuzz: ## every fuzz target, FUZZ=20s each
	@bash .ci/fuzz "$(FUZZ)"

.PHONY: soak
soak: ## the fault simulator: SEED=0 COUNT=1000
	PRINTERCTL_SOAK_SEED=$(SEED) PRINTERCTL_SOAK_COUNT=$(COUNT) $(GO) test -timeout 2h -v -run 'Soak' ./escpos/queue/...

.PHONY: lint
lint: ## gofmt, vet with and without cgo, module files in order
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these"; exit 1; }
	$(GO) vet ./...
	CGO_ENABLED=0 $(GO) vet ./...
	$(GO) mod verify
	$(GO) mod tidy -diff

.PHONY: clean
clean: ## remove what was built
	rm -rf bin

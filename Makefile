# SPDX-License-Identifier: MIT
# g0scope. Targets: all (the default), tests, test, test-long, debian12, debian13, sysroot, arm64-kernel, soak, mutants, lint,
# bench, format, install, uninstall, clean, help.
#   ARCH=arm64   cross-build the runtime, its examples and its tests; the tests run under qemu-user. The visualizer too,
#                where its libraries for arm64 are: `make ARCH=arm64 sysroot` fetches them, into the build alone
#   O=dir        build there instead of build/ (build/arm64 for ARCH=arm64)
#   SAN=address|undefined|thread   a sanitizer build, in build/$(SAN) unless told otherwise; with RT_SAN= only of the
#                visualizer, which then steps programs as they are
#   CC=clang, CFLAGS, LDFLAGS, PREFIX, DESTDIR, V=1 as usual; HAVE_SDL=0 builds without the window
# Three kinds of object: the runtime (arch, src), the programs that run on it (examples, tests/arch, tests/src),
# and the visualizer, one library per layer. A test binary links its layer and those below.

HOST   := $(if $(filter aarch64,$(shell uname -m)),arm64,amd64)
ARCH   ?= $(HOST)
SAN    ?=
RT_SAN ?= $(SAN)
V      ?=
PREFIX ?= /usr/local
Q      := $(if $(V),,@)
# say: "  CC   file", unless the commands themselves are shown.
say     = @$(if $(V),:,printf '  %-4s %s\n' $(1) $(2))

ifneq ($(ARCH),$(HOST))
CROSS  ?= $(if $(filter arm64,$(ARCH)),aarch64,x86_64)-linux-gnu-
ifeq ($(origin CC),default)
CC     := $(CROSS)gcc
endif
AR     := $(CROSS)ar
LD     := $(CROSS)ld
endif
O      ?= build$(if $(CROSS),/$(ARCH))$(if $(SAN),/$(SAN))
ifeq ($(ARCH),arm64)
MARCH  := -march=armv8-a -mno-outline-atomics -mbranch-protection=none -ffixed-x18
else
MARCH  := -march=x86-64 -fcf-protection=none -mno-red-zone
endif

CFLAGS ?= -g
WARN   := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror=implicit-function-declaration
FP     := -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer -fno-optimize-sibling-calls
sanitize = $(if $(1),-fsanitize=$(1) -fno-sanitize-recover=all)
CLANG  := $(findstring clang,$(shell $(CC) --version))
COMMON := -std=gnu11 $(WARN) $(FP) -ffile-prefix-map=$(CURDIR)/=
DEPS    = -MMD -MP

# ---- the runtime -----------------------------------------------------------------------------------------------
# A cross compiler does not look where the host keeps sys/sdt.h, which holds for every architecture: two links to it.
SDT      := $(if $(CROSS),$(firstword $(wildcard $(addsuffix /sys/sdt.h,/usr/include /usr/include/*-linux-gnu))))
SDT_DIR  := $(if $(SDT),$(O)/sdt)
# A sanitizer must hear of each switch, from C. What is in line in g0.h says nothing.
G0_INLINE := $(if $(RT_SAN),,-DG0_INLINE)
# A frame touches each page that it takes, so that it cannot reach over the guard below a stack (src/stack.c).
PROBED   := -fstack-clash-protection
RT_BASE  := $(COMMON) $(call sanitize,$(RT_SAN)) $(MARCH) $(G0_INLINE) $(PROBED) -fno-stack-protector -fno-pie -fasynchronous-unwind-tables
# What stacks are about is on them, and not where the address sanitizer may have locals instead.
ifneq ($(findstring address,$(RT_SAN)),)
RT_BASE  += $(if $(CLANG),-fsanitize-address-use-after-return=never,--param asan-use-after-return=0)
endif
# A loop that copies stays a loop: no call of memcpy is made of it. And what is stepped goes in the order of the source,
# a function's prologue first: the processor has an order of its own anyway.
IN_ORDER := $(if $(CLANG),-fno-builtin,-fno-tree-loop-distribute-patterns -fno-schedule-insns2)
RT_FLAGS := -O2 $(RT_BASE) $(IN_ORDER) -Iarch -Iarch/$(ARCH) -Isrc $(addprefix -idirafter ,$(SDT_DIR))
# What says where the runtime's code begins comes first, and where it ends, last.
RT_OBJS  := $(O)/arch/$(ARCH)/text.o $(patsubst %.S,$(O)/%.o,$(filter-out %/text.S %/etext.S,$(wildcard arch/$(ARCH)/*.S))) \
	$(patsubst %.c,$(O)/%.o,$(wildcard src/*.c)) $(O)/arch/$(ARCH)/etext.o $(O)/sources.o
RT_TEXTS := $(wildcard src/*.[ch] arch/*.h arch/$(ARCH)/*.[hS])
# -O0: one frame record a call on both architectures, which -O2 leaves out of leaf functions with gcc.
EX_FLAGS := -O0 $(RT_BASE) -Iarch/$(ARCH) -Isrc
# Static, so that addresses are the same each time; what sanitizers and valgrind look into must not be (STATIC=).
STATIC   ?= $(if $(RT_SAN),,-static)
EX_LINK  := $(or $(STATIC),-no-pie) -pthread
EXAMPLES := $(patsubst examples/%.c,$(O)/examples/%,$(wildcard examples/*.c))

# ---- the visualizer --------------------------------------------------------------------------------------------
LAYERS   := model image machine engine lesson session scene grid export view
PKG_CONFIG ?= pkg-config
# For another architecture than this computer's, libraries are those in a folder of their own.
SYSROOT  ?= $(O)/sysroot
ifneq ($(CROSS),)
MULTIARCH := $(SYSROOT)/usr/lib/$(CROSS:%-=%)
override PKG_CONFIG := PKG_CONFIG_SYSROOT_DIR=$(abspath $(SYSROOT)) PKG_CONFIG_LIBDIR=$(abspath $(MULTIARCH))/pkgconfig pkg-config
IN_SYSROOT := --sysroot=$(abspath $(SYSROOT))
endif
PKGS     := ncursesw panelw libdw libelf capstone md4c libzstd jansson
HAVE_VISUALIZER := $(if $(CROSS),$(shell $(PKG_CONFIG) --exists $(PKGS) 2>/dev/null && echo 1),1)
SDL_PKGS := sdl2 SDL2_ttf SDL2_image
HAVE_SDL := $(shell $(PKG_CONFIG) --exists $(SDL_PKGS) 2>/dev/null && echo 1)
ifneq ($(HAVE_SDL),1)
NO_SDL   := visualizer/view/sdl% tests/view/sdl%
SDL_PKGS :=
else
NO_SDL   := visualizer/view/nosdl.c tests/view/nosdl.c
endif
# The emulated CPU is another program's (visualizer/emulator/README.md says why), and optional.
HAVE_UNICORN := $(shell $(PKG_CONFIG) --exists unicorn 2>/dev/null && echo 1)
# Asked for when the first visualizer object is compiled: the runtime needs none of it.
NEED_PKGS = $(if $(shell $(PKG_CONFIG) --exists $(PKGS) && echo 1),,$(error not all of these are installed: $(PKGS). \
	./start installs them; `$(PKG_CONFIG) --print-errors --exists $(PKGS)` says which is missing))
VIS_FLAGS := -O2 $(COMMON) $(call sanitize,$(SAN)) -D_GNU_SOURCE $(IN_SYSROOT) -Ivisualizer \
	$(shell $(PKG_CONFIG) --cflags $(PKGS) $(SDL_PKGS) 2>/dev/null)
VIS_LIBS  := $(IN_SYSROOT) $(shell $(PKG_CONFIG) --libs $(PKGS) $(SDL_PKGS) 2>/dev/null) -lm
VIS_SRCS := $(filter-out $(NO_SDL),$(wildcard visualizer/*.c visualizer/*/*.c))
MAIN     := $(patsubst %.c,$(O)/%.o,$(wildcard visualizer/*.c))
layer_objs = $(patsubst %.c,$(O)/%.o,$(filter visualizer/$(1)/%,$(VIS_SRCS)))
# Topmost first, as the linker wants them.
below_main    := view export grid scene session lesson engine machine image model
below_view    := view grid scene session lesson engine machine image model
below_export  := export model
below_grid    := grid scene session lesson engine machine image model
below_scene   := scene session lesson engine machine image model
below_session := session lesson engine machine image model
below_lesson  := lesson engine machine image model
below_engine  := engine machine image model
below_machine := machine image model
below_image   := image model
below_model   := model
layer_libs = $(foreach l,$(below_$(1)),$(O)/lib$(l).a)

EMULATOR := $(if $(filter 1,$(HAVE_UNICORN)),$(O)/g0scope-emulator)
emulator_objs = $(patsubst %.c,$(O)/%.o,$(wildcard visualizer/emulator/*.c))

all: $(O)/libg0.a $(EXAMPLES) $(if $(HAVE_VISUALIZER),$(O)/g0scope $(EMULATOR))

# Files that change only when what they hold does: with which compiler and flags objects are made, of what the archives.
define STAMP
$(O)/$(1): FORCE
	@mkdir -p $$(@D); printf '%s\n' '$$(subst ','\'',$(2))' | cmp -s - $$@ || printf '%s\n' '$$(subst ','\'',$(2))' >$$@
endef
$(eval $(call STAMP,runtime.flags,$$(CC) $$(RT_FLAGS) $$(EX_FLAGS) $$(EX_LINK) $$(CFLAGS) $$(LDFLAGS)))
$(eval $(call STAMP,visualizer.flags,$$(CC) $$(VIS_FLAGS) $$(VIS_LIBS) $$(CFLAGS) $$(LDFLAGS)))
$(eval $(call STAMP,files,$$(RT_OBJS) $$(RT_TEXTS) $$(VIS_SRCS)))

# The runtime's own text travels with each program, for whoever shows its lines: name, 0, text, 0, for each file.
$(O)/sources.S: $(RT_TEXTS) $(O)/files
	@{ echo '.section .debug_g0_sources, "", %progbits'; printf '.asciz "%s"\n.incbin "%s"\n.byte 0\n' \
	  $(foreach f,$(RT_TEXTS),$(f) $(f)); echo '.section .note.GNU-stack, "", %progbits'; } >$@
$(O)/sources.o: $(O)/sources.S
	$(Q)$(CC) -c -o $@ $<

# One object, for the linker to keep in one piece and in this order (arch/<arch>/text.S): -fno-lto.
$(O)/libg0.a: $(RT_OBJS) $(O)/files
	$(Q)$(LD) -r -o $(O)/g0.o $(RT_OBJS)
	$(Q)rm -f $@; $(AR) rcs $@ $(O)/g0.o
$(RT_OBJS): $(O)/runtime.flags $(if $(SDT),$(SDT_DIR)/sys/sdt.h)
$(O)/arch/%.o: arch/%.S
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) $(RT_FLAGS) $(CFLAGS) -fno-lto $(DEPS) -c -o $@ $<
$(O)/src/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(RT_FLAGS) $(CFLAGS) -fno-lto $(DEPS) -c -o $@ $<
# It holds that text.
$(O)/src/main.o: src/g0-gdb.py
$(O)/examples/%: examples/%.c $(O)/libg0.a $(O)/runtime.flags
	@mkdir -p $(@D) $(O)/deps
	$(call say,CC,$<)
	$(Q)$(CC) $(EX_FLAGS) $(CFLAGS) $(DEPS) -MF $(O)/deps/$*.d $(EX_LINK) $(LDFLAGS) -o $@ $< $(O)/libg0.a
$(O)/sdt/sys/sdt.h:
	@mkdir -p $(@D); ln -sf $(SDT) $(wildcard $(SDT:sdt.h=sdt-config.h)) $(@D)/

# What differs between architectures is found by path.
$(O)/visualizer/machine/%.o: VIS_FLAGS += -Ivisualizer/machine -Ivisualizer/machine/$(ARCH)
$(O)/visualizer/%.o: visualizer/%.c $(O)/visualizer.flags
	$(NEED_PKGS)@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(VIS_FLAGS) $(CFLAGS) $(DEPS) -c -o $@ $<
define LAYER
$(O)/lib$(1).a: $(call layer_objs,$(1)) $(O)/files
	$(Q)rm -f $$@; $(AR) rcs $$@ $(call layer_objs,$(1))
endef
$(foreach l,$(LAYERS),$(eval $(call LAYER,$(l))))
$(O)/g0scope: $(MAIN) $(call layer_libs,main) $(O)/visualizer.flags
	$(call say,LD,$@)
	$(Q)$(CC) $(call sanitize,$(SAN)) $(LDFLAGS) -o $@ $(MAIN) $(call layer_libs,main) $(VIS_LIBS)
$(O)/g0scope-emulator: $(emulator_objs) $(O)/libmodel.a $(O)/visualizer.flags
	$(call say,LD,$@)
	$(Q)$(CC) $(call sanitize,$(SAN)) $(LDFLAGS) -o $@ $(emulator_objs) $(O)/libmodel.a $(IN_SYSROOT) \
	  $(shell $(PKG_CONFIG) --libs unicorn)

# ---- tests: one binary per layer -------------------------------------------------------------------------------
RT_TESTS  := $(foreach l,arch src,$(if $(wildcard tests/$(l)/*.c),$(O)/tests/$(l)))
VIS_TESTS := $(foreach l,$(LAYERS),$(if $(wildcard tests/$(l)/*.c),$(O)/tests/$(l)))
# What a layer's tests are made of, object by object: a change recompiles what it is in, and links.
test_objs = $(patsubst tests/%,$(O)/tests/objects/%.o,$(basename $(filter-out $(NO_SDL),$(wildcard tests/$(1)/*.c)) $(2)))
# Of: a layer, flags, what must be there first.
define TEST_OBJECTS
$(O)/tests/objects/$(1)/%.o: tests/$(1)/%.c $(3)
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$$(Q)$$(CC) $$($(2)) -Itests -Itests/$(ARCH) $$(CFLAGS) $$(DEPS) -c -o $$@ $$<
endef
$(foreach l,arch src,$(eval $(call TEST_OBJECTS,$(l),RT_FLAGS,$(O)/runtime.flags $(if $(SDT),$(SDT_DIR)/sys/sdt.h))))
$(foreach l,$(LAYERS),$(eval $(call TEST_OBJECTS,$(l),VIS_FLAGS,$(O)/visualizer.flags)))
# The toy machine has the runtime's structs in its memory.
$(O)/tests/objects/engine/toy.o $(O)/tests/objects/grid/toy.o: VIS_FLAGS += -Iarch -Isrc -Iarch/$(ARCH)
# The assembly that fills registers, and what else tests/<arch>/ has.
$(O)/tests/objects/$(ARCH)/%.o: tests/$(ARCH)/%.S $(O)/runtime.flags
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) $(RT_FLAGS) $(CFLAGS) $(DEPS) -c -o $@ $<
arch_under_test := $(filter $(O)/arch/%,$(RT_OBJS))
src_under_test  := $(O)/libg0.a
define RT_TEST
$(O)/tests/$(1): $(call test_objs,$(1),$(wildcard tests/$(ARCH)/*.S)) $($(1)_under_test)
	$$(call say,LD,tests/$(1))
	$$(Q)$$(CC) $$(RT_FLAGS) $$(CFLAGS) $$(EX_LINK) $$(LDFLAGS) -o $$@ $$(filter %.o %.a,$$^)
endef
$(foreach l,arch src,$(eval $(call RT_TEST,$(l))))
define VIS_TEST
$(O)/tests/$(1): $(call test_objs,$(1)) $(call layer_libs,$(1))
	$$(call say,LD,tests/$(1))
	$$(Q)$$(CC) $$(VIS_FLAGS) $$(CFLAGS) $$(LDFLAGS) -o $$@ $(call test_objs,$(1)) $(call layer_libs,$(1)) \
	  $$(VIS_LIBS) $$(shell $$(PKG_CONFIG) --libs cmocka)
endef
$(foreach l,$(LAYERS),$(eval $(call VIS_TEST,$(l))))
# The emulator is another program, of which main.o and serve.o are the two ends.
EMULATOR_TESTS := $(if $(EMULATOR),$(O)/tests/emulator)
emulator_parts = $(filter-out %/main.o %/serve.o,$(emulator_objs)) $(O)/libmodel.a
$(eval $(call TEST_OBJECTS,emulator,VIS_FLAGS,$(O)/visualizer.flags))
$(O)/tests/emulator: $(call test_objs,emulator) $(emulator_parts)
	$(call say,LD,tests/emulator)
	$(Q)$(CC) $(VIS_FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(IN_SYSROOT) $(shell $(PKG_CONFIG) --libs unicorn cmocka)
# Random Gs for as long as wanted; tests/soak.sh runs it.
SOAK := $(O)/tests/programs/soak
$(SOAK): $(wildcard tests/soak/*.[ch]) $(O)/libg0.a $(O)/runtime.flags
	@mkdir -p $(@D)
	$(call say,CC,tests/soak)
	$(Q)$(CC) $(RT_FLAGS) $(CFLAGS) $(EX_LINK) $(LDFLAGS) -o $@ $(wildcard tests/soak/*.c) $(O)/libg0.a
# Holds a recording made on an arm64 kernel against one made here.
$(O)/kernel/same_steps: tests/kernel/same_steps.c $(O)/libmodel.a $(O)/visualizer.flags
	@mkdir -p $(@D) $(O)/deps
	$(call say,CC,$<)
	$(Q)$(CC) $(VIS_FLAGS) $(CFLAGS) $(DEPS) -MF $(O)/deps/same_steps.d $(LDFLAGS) -o $@ $< $(O)/libmodel.a $(VIS_LIBS)
# Variables of every kind, and what is known of such, for tests/variables.py to hold against gdb.
VARIABLES := $(addprefix $(O)/variables/,O0 O2)
$(VARIABLES): $(O)/variables/%: tests/image/programs/variables.c $(O)/runtime.flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=gnu11 -g -$* -static -fno-omit-frame-pointer -o $@ $<
$(O)/tests/image: $(VARIABLES)
$(O)/variables/tell: tests/variables/tell.c $(call layer_libs,image) $(O)/visualizer.flags
	@mkdir -p $(@D) $(O)/deps
	$(call say,CC,$<)
	$(Q)$(CC) $(VIS_FLAGS) $(CFLAGS) $(DEPS) -MF $(O)/deps/tell.d $(LDFLAGS) -o $@ $< $(call layer_libs,image) $(VIS_LIBS)
# Starts a program there for gdb.
$(O)/kernel/become: tests/kernel/become.c $(O)/runtime.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu11 $(WARN) -D_GNU_SOURCE -O2 -static -o $@ $<
# The programs that the engine's tests step. Never with a sanitizer in them: that would be most of what they do.
STEPPED  := $(if $(SAN),$(O)/plain,$(O))
SUBJECTS := $(patsubst tests/engine/programs/%.c,$(STEPPED)/tests/programs/%,$(wildcard tests/engine/programs/*.c)) \
	$(patsubst $(O)/%,$(STEPPED)/%,$(EXAMPLES))
$(O)/tests/programs/%: tests/engine/programs/%.c $(O)/libg0.a $(O)/runtime.flags
	@mkdir -p $(@D) $(O)/deps
	$(call say,CC,$<)
	$(Q)$(CC) $(EX_FLAGS) $(CFLAGS) $(DEPS) -MF $(O)/deps/$*.d $(EX_LINK) $(LDFLAGS) -o $@ $< $(O)/libg0.a
# What they print is the same on the emulated CPU, of either architecture.
KERNEL_SAYS := $(addprefix $(O)/tests/programs/,calls calls_signals calls_threads faults)
# They call and write what no program should.
$(addprefix $(O)/tests/programs/,colours damage damage_waits): EX_FLAGS += -Iarch
$(addprefix $(O)/tests/programs/,calls_signals calls_threads damage faults inherited unruly): EX_FLAGS += -Itests/engine/programs/$(ARCH)
$(O)/tests/engine $(O)/tests/scene $(O)/tests/grid: $(if $(SAN),plain-programs,$(SUBJECTS))
plain-programs:
	$(Q)$(MAKE) --no-print-directory SAN= O=$(O)/plain $(SUBJECTS)

# The fuzz targets, each with the layer that it reads: by their corpora with the tests, and with clang's libFuzzer, where FUZZER says so.
FUZZER    ?=
FUZZ_OF   := recording/model schedule/model lesson/lesson program/image flight/engine
FUZZ_KIND := $(if $(FUZZER),fuzz,corpus)
$(eval $(call TEST_OBJECTS,fuzz,VIS_FLAGS,$(O)/visualizer.flags))
define FUZZ_TARGET
$(O)/tests/objects/fuzz/corpus-$(1).o: tests/fuzz/common/corpus.c $(O)/visualizer.flags
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$$(Q)$$(CC) $$(VIS_FLAGS) -DTARGET='"$(1)"' -Itests/fuzz $$(CFLAGS) $$(DEPS) -c -o $$@ $$<
$(O)/tests/$(FUZZ_KIND)-$(1): $(O)/tests/objects/fuzz/$(1).o $(O)/tests/objects/fuzz/common/fuzz.o \
		$(if $(FUZZER),,$(O)/tests/objects/fuzz/corpus-$(1).o) $(call layer_libs,$(2))
	$$(call say,LD,tests/$$(@F))
	$$(Q)$$(CC) $$(VIS_FLAGS) $$(if $$(FUZZER),-fsanitize=fuzzer) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) \
	  $(call layer_libs,$(2)) $$(VIS_LIBS)
endef
$(foreach f,$(FUZZ_OF),$(eval $(call FUZZ_TARGET,$(patsubst %/,%,$(dir $(f))),$(notdir $(f)))))
FUZZ_TARGETS := $(foreach f,$(FUZZ_OF),$(O)/tests/$(FUZZ_KIND)-$(patsubst %/,%,$(dir $(f))))
$(O)/tests/objects/fuzz/common/%.o: VIS_FLAGS += -Itests/fuzz
# Its libelf is to read sections into memory of their own, of which sanitizers know where it ends.
$(O)/tests/$(FUZZ_KIND)-program: private LDFLAGS += -Wl,--wrap=elf_begin
fuzz-targets: $(FUZZ_TARGETS)

runtime-tests: $(O)/libg0.a $(EXAMPLES) $(RT_TESTS) $(SOAK) $(VARIABLES) $(if $(SAN),,$(KERNEL_SAYS))
visualizer-tests: all $(VIS_TESTS) $(EMULATOR_TESTS) $(FUZZ_TARGETS) $(addprefix $(O)/kernel/,same_steps become) $(O)/variables/tell
tests: runtime-tests $(if $(HAVE_VISUALIZER),visualizer-tests)
test: tests
	@O=$(O) tests/run
# What is too long for that.
test-long: tests
	@O=$(O) tests/run long
# The runtime under random load, for SECONDS; also with SAN=thread.
SECONDS ?= 600
soak: $(SOAK)
	@tests/soak.sh $(O) $(SECONDS) $(if $(RT_SAN),setarch -R)
# The readers of what anyone may have sent, by inputs that libFuzzer makes, SECONDS each; and their corpus anew.
FUZZED := $(O)/fuzz
fuzzers:
	$(Q)$(MAKE) --no-print-directory O=$(FUZZED) CC=clang SAN=fuzzer-no-link,address,undefined RT_SAN= FUZZER=1 fuzz-targets
fuzz: fuzzers
	@tests/fuzz/run $(FUZZED) $(SECONDS) $(TARGETS)
fuzz-corpus: all
	@python3 -B tests/fuzz/seeds.py $(O)
# Whether the tests can fail; MUTANTS: areas and options (tests/mutants/mutants.py --help).
mutants:
	@python3 -B tests/mutants/mutants.py --arch $(ARCH) $(MUTANTS)
# Libraries for another architecture, in the build alone, of Debian's packages.
sysroot:
	@tests/kernel/packages $(SYSROOT) libncurses-dev libdw-dev libcapstone-dev libmd4c-dev libzstd-dev libjansson-dev libcmocka-dev libunicorn-dev libc6-dev
# g0scope for arm64 on Debian's kernel for that, in qemu.
arm64-kernel:
	$(Q)$(MAKE) --no-print-directory ARCH=arm64 O=$(O)/arm64 sysroot
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)$(MAKE) --no-print-directory ARCH=arm64 O=$(O)/arm64 tests
	@python3 -B tests/kernel/arm64.py $(O)
# Lessons as they are on arm64, for whoever has no program for that and no emulator: examples/*.arm64.g0r, which are committed.
# Those about the switch, which are small. Anew whenever the form of a recording changes, or what lessons or the runtime are.
ARM64_TOLD := 01_stale_link 02_red_blue 05_systemstack 06_callback
arm64-recordings: all
	$(Q)$(MAKE) --no-print-directory ARCH=arm64 O=$(O)/arm64 $(ARM64_TOLD:%=$(O)/arm64/examples/%)
	$(Q)for l in $(ARM64_TOLD); do \
	  G0SCOPE_EXAMPLES=$(O)/examples:examples $(O)/g0scope record $${l#*_} --arch=arm64 --machine=emulated \
	    -o examples/$$l.arm64.g0r || exit; done
lint: all
	@O=$(O) tests/run lint
# The README's two commands on a system of their own; what is committed, not what is built here. As root.
debian12:
	@tests/debian bookworm
debian13:
	@tests/debian trixie
format:
	@tests/lint/format.sh . --mend

# ---- benchmarks: tests/bench/*.c, linked with everything below the views ---------------------------------------
BENCHES := $(patsubst tests/bench/%.c,$(O)/bench/%,$(wildcard tests/bench/*.c))
$(O)/bench/%: tests/bench/%.c $(call layer_libs,scene) $(O)/visualizer.flags
	@mkdir -p $(@D) $(O)/deps
	$(call say,CC,$<)
	$(Q)$(CC) $(VIS_FLAGS) -Itests $(CFLAGS) $(DEPS) -MF $(O)/deps/$*.d $(LDFLAGS) -o $@ $< $(call layer_libs,scene) $(VIS_LIBS)
# One of them asks ptrace by itself.
$(O)/bench/step: private VIS_FLAGS += -Ivisualizer/machine/$(ARCH)
# Compiled with the tests, or nobody would see that they no longer can be.
visualizer-tests: $(BENCHES)
# Inside of the emulator.
RESTORE := $(if $(EMULATOR),$(O)/bench/restore)
$(O)/bench/restore: tests/bench/emulator/restore.c $(emulator_parts)
	$(call say,CC,$<)
	$(Q)$(CC) $(VIS_FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs unicorn)
# The runtime's speed: tests/bench/speed/g0.c on our library, and each peer that can be built here.
SPEED := $(O)/bench/speed
SPEED_PEERS := swapcontext pthread $(if $(wildcard /usr/include/boost/context),fcontext) $(if $(shell command -v go),go)
$(SPEED)/g0: tests/bench/speed/g0.c tests/bench/speed/now.h $(O)/libg0.a $(O)/runtime.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -O2 $(RT_BASE) -Iarch/$(ARCH) -Isrc $(CFLAGS) $(EX_LINK) $(LDFLAGS) -o $@ $< $(O)/libg0.a
LIMIT := $(addprefix $(O)/arch/$(ARCH)/,goyield1.o mcall_clear.o gogo.o)
$(SPEED)/limit: tests/bench/speed/limit.c tests/bench/speed/now.h $(LIMIT)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(RT_FLAGS) $(CFLAGS) $(EX_LINK) $(LDFLAGS) -o $@ $< $(LIMIT)
$(SPEED)/go: tests/bench/speed/go.go
	@mkdir -p $(@D)
	$(Q)GOCACHE=$(abspath $(O))/bench/gocache go build -o $@ $<
$(SPEED)/%: tests/bench/speed/%.c tests/bench/speed/now.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu11 $(WARN) -O2 -pthread -o $@ $< $(if $(filter fcontext,$*),-lboost_context)
bench: all $(BENCHES) $(RESTORE) $(O)/tests/programs/busy $(addprefix $(SPEED)/,g0 limit $(SPEED_PEERS))
	@tests/bench/speed/compare.sh $(SPEED)
	@for b in $(BENCHES) $(RESTORE); do $$b || exit 1; done

# ---- install ---------------------------------------------------------------------------------------------------
override PREFIX := $(abspath $(patsubst ~/%,$(HOME)/%,$(PREFIX)))
D       := $(DESTDIR)$(PREFIX)
SHARE   := $(D)/share/g0scope/examples
MAN     := $(if $(shell command -v scdoc),$(patsubst docs/%.scd,$(O)/man/%,$(wildcard docs/*.[157].scd)))
LESSONS := $(wildcard examples/*.md)
# The examples for the other architecture, where they are built: --arch finds them.
OTHER   := $(if $(filter arm64,$(ARCH)),amd64,arm64)
OTHERS   = $(wildcard $(patsubst examples/%.c,$(O)/$(OTHER)/examples/%,$(wildcard examples/*.c)))
# For the compiler of a program that is linked with the installed library: lines to step by, what a frame-pointer chain through
# it takes, what goes with code that is not position-independent; and static, for the same addresses each time.
define PC
prefix=$(PREFIX)
includedir=$${prefix}/include
libdir=$${prefix}/lib

Name: g0
Description: Goroutines in C: the runtime of g0scope
Version: $(shell sed -n 's/^.define G0SCOPE_VERSION "\(.*\)"/\1/p' visualizer/options.c)
Cflags: -I$${includedir} -g $(FP) $(filter-out -march=% -mno-outline-atomics,$(MARCH)) -DG0_INLINE $(PROBED) -fno-pie
Libs: -L$${libdir} -lg0 -static -pthread
endef
$(O)/g0.pc: FORCE
	$(file >$@,$(PC))
$(O)/man/%: docs/%.scd
	@mkdir -p $(@D)
	$(Q)scdoc <$< >$@
install: all $(MAN) $(O)/g0.pc
	install -d $(D)/bin $(D)/lib/pkgconfig $(D)/include $(SHARE)
	$(if $(HAVE_VISUALIZER),install $(O)/g0scope $(EMULATOR) $(D)/bin/,@echo "no g0scope for $(ARCH) is built, which needs its \
	  libraries (make ARCH=$(ARCH) sysroot); all else is installed")
	install -m 644 $(O)/libg0.a $(D)/lib/
	install -m 644 $(O)/g0.pc $(D)/lib/pkgconfig/
	install -m 644 src/g0-gdb.py $(D)/share/g0scope/
	install -m 644 src/g0.h arch/$(ARCH)/g0_arch.h $(D)/include/
	install $(EXAMPLES) $(SHARE)/
	install -m 644 $(wildcard examples/*.c) $(LESSONS) $(wildcard examples/*.g0r) $(SHARE)/
	$(if $(OTHERS),install -d $(SHARE)/$(OTHER) && install $(OTHERS) $(SHARE)/$(OTHER)/)
	$(foreach m,$(MAN),install -D -m 644 $(m) $(D)/share/man/man$(lastword $(subst ., ,$(m)))/$(notdir $(m));)
uninstall:
	rm -f $(D)/bin/g0scope $(D)/bin/g0scope-emulator $(D)/lib/libg0.a $(D)/lib/pkgconfig/g0.pc $(D)/include/g0.h $(D)/include/g0_arch.h
	rm -f $(foreach m,$(notdir $(MAN)),$(D)/share/man/man$(lastword $(subst ., ,$(m)))/$(m))
	rm -rf $(D)/share/g0scope
clean:
	rm -rf $(O)
help:
	@sed -n '2,/^$$/s/^# \?//p' Makefile

FORCE:
.PHONY: plain-programs all tests runtime-tests visualizer-tests test test-long debian12 debian13 sysroot arm64-kernel arm64-recordings soak fuzzers fuzz fuzz-targets fuzz-corpus mutants lint format bench install uninstall clean help FORCE
.DELETE_ON_ERROR:
-include $(shell find $(O) \( -path $(O)/debian -o -name sysroot \) -prune -o -type f -name '*.d' -print 2>/dev/null)

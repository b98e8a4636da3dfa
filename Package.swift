// swift-tools-version: 6.2
import PackageDescription

// Kernels are compiled for this machine's instruction set; `make build ARCH=x86-64-v3` makes a
// binary that travels.
let architecture = Context.environment["RLHF_ARCH"] ?? "native"

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// Arithmetic and parsing are optimized in debug builds too, so that `swift test` stays quick.
let optimizedSettings = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]
let kernelSettings = optimizedSettings + [.unsafeFlags(["-Xcc", "-march=\(architecture)"])]

let package = Package(
    name: "swift-rlhf",
    products: [.executable(name: "rlhf", targets: ["rlhf"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        .target(
            name: "COneDNN",
            cSettings: [.unsafeFlags(["-O2"])],
            linkerSettings: [
                .linkedLibrary("dnnl"), .unsafeFlags(["-Xlinker", "-l:libgomp.so.1"]),
            ]),
        .target(name: "CVectorMath"),
        .target(
            name: "CMatrixKernels", dependencies: ["CVectorMath"],
            cSettings: [.unsafeFlags(["-O3", "-march=\(architecture)"])]),
        .target(name: "CLineEditor", linkerSettings: [.linkedLibrary("edit")]),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .target(name: "CWebTransfer"),
        // Stands before the malloc of the whole test program, see its header.
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .target(name: "OrderedJSON", swiftSettings: optimizedSettings),
        .target(
            name: "Autograd", dependencies: ["CMatrixKernels", "COneDNN", "CVectorMath"],
            swiftSettings: kernelSettings),
        .target(
            name: "LanguageModels", dependencies: ["Autograd", "OrderedJSON"],
            swiftSettings: optimizedSettings),
        .target(
            name: "HumanFeedback", dependencies: ["CWebTransfer", "OrderedJSON"],
            swiftSettings: optimizedSettings),
        .target(
            name: "Alignment", dependencies: ["Autograd", "LanguageModels", "HumanFeedback"],
            swiftSettings: optimizedSettings),
        .target(name: "TerminalUI", dependencies: ["CLineEditor"], swiftSettings: settings),
        .target(
            name: "Notebook",
            dependencies: [
                "Alignment", "Autograd", "COpenSSL", "LanguageModels", "HumanFeedback",
                "OrderedJSON", "TerminalUI",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: settings),
        .executableTarget(
            name: "rlhf", dependencies: ["Notebook"], swiftSettings: settings),
    ]
        + [
            "Autograd", "OrderedJSON", "LanguageModels", "HumanFeedback", "Alignment",
            "TerminalUI", "Notebook",
        ].map { name in
            .testTarget(
                name: "\(name)Tests",
                dependencies: Set(
                    [name, "OrderedJSON"] + (name == "LanguageModels" ? ["CAllocationCounter"] : [])
                ).sorted().map { .byName(name: $0) },
                swiftSettings: settings)
        }
)

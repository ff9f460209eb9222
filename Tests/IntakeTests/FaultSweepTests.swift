import Custody
import DurableFiles
import Glibc
import Intake
import Simulation
import Testing
import Reporting

/// A fault at the first, second, … operation in turn, then a clean run.
@Suite("Folder source on a disk that fails")
struct FaultSweepTests {
    enum Kind: String, CaseIterable, Sendable { case rename, byLink, copy, marker, removed }

    static let faults: [SimulatedFileSystem.Fault] = [
        .error(EIO), .error(ENOSPC), .lostFlush, .crashBefore, .crashAfter,
    ]

    static let documents = [
        ("a.xml", "one"), ("b.xml", "BAD two"), ("c.xml", "three"), ("d.xml", "three"),
        (FileName.text([0x65, 0xE9]), "five"), ("big", "a document that is too large to be read"),
    ]

    /// A file too large to be copied stays on its share.
    private static func documents(_ kind: Kind) -> [(String, String)] {
        kind == .copy ? documents.dropLast() : documents
    }

    @Test(
        "nothing is lost, nothing is taken twice as new, and every file ends in one place",
        arguments: Kind.allCases, faults)
    func sweep(kind: Kind, fault: SimulatedFileSystem.Fault) {
        for seed in 1...3 as ClosedRange<UInt64> {
            var operation = 1
            while Self.run(kind, fault, at: operation, seed: seed) { operation += 1 }
            #expect(operation > 60)
        }
    }

    /// - Returns: Whether the fault came.
    private static func run(_ kind: Kind, _ fault: SimulatedFileSystem.Fault, at operation: Int, seed: UInt64) -> Bool {
        var settings = SourceSettings()
        settings.largest = 30
        settings.batchDocuments = 3
        if kind == .copy { settings.claim = .copy(into: "/own") }
        if kind == .marker { settings.marker = ".done" }
        if kind == .removed { settings.done = .removed }
        var desktop = Desktop(settings, files: SimulatedFileSystem(seed: seed, movesByLink: kind == .byLink))
        for (name, text) in documents(kind) {
            desktop.drop(name, text)
            if kind == .marker { desktop.drop(name + ".done", "") }
        }
        let target = desktop.files.operations + operation
        desktop.files.plan(fault, at: target)
        desktop.rounds(4)
        let isReached = desktop.files.operations >= target
        if desktop.files.isDown { desktop.files.crash() }
        desktop.restart()
        desktop.files.heal()
        desktop.rounds(4)
        desktop.rounds(4, every: 400_000)
        check(desktop, kind, "\(kind) \(fault) at \(operation), seed \(seed)")
        return isReached
    }

    private static func check(_ desktop: Desktop, _ kind: Kind, _ place: String) {
        let own = kind == .copy ? "/own" : "/in"
        var expected: [String: Int] = [:]
        for (_, text) in documents(kind) { expected[text, default: 0] += 1 }
        for text in expected.keys where text.utf8.count <= 30 {
            #expect(desktop.receiver.taken[Array(text.utf8)] == 1, "\(place): \(text)")
        }
        var found: [String: Int] = [:]
        for (path, bytes) in desktop.files.everything() where !path.hasSuffix(".why.txt") {
            let text = String(decoding: bytes, as: UTF8.self)
            let isEnd = path.hasPrefix(own + "/done/") || path.hasPrefix(own + "/failed/")
            #expect(isEnd, "\(place): \(FileName.shown(path))")
            found[text, default: 0] += 1
            let isExplained = !path.contains("/failed/") || desktop.files.everything()[path + ".why.txt"] != nil
            #expect(isExplained, "\(place): \(FileName.shown(path)) has no note beside it")
        }
        if kind == .removed { for text in ["one", "three", "five"] { expected[text] = nil } }
        if kind == .copy {
            // After a crash a document may be copied, found in the store, and kept a second time.
            for (text, count) in expected { #expect((found[text] ?? 0) >= count, "\(place): \(text)") }
        } else {
            #expect(found == expected, "\(place)")
        }
    }
}

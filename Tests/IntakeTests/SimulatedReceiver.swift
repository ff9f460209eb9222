import Custody
import DurableFiles
import Intake
import Simulation
import Synchronization
import Reporting

/// A store that remembers contents and loses nothing of what it committed. A document that begins with `BAD` is refused,
/// with `HOLD` held; one that begins with `POISON` ends the process unless it is a suspect.
final class SimulatedReceiver: Receiver {
    struct State {
        /// How often each content was taken as new, refused or held, and how often in all.
        var taken: [[UInt8]: Int] = [:]
        var offered: [[UInt8]: Int] = [:]
        var arrivals: [Arrival] = []
        var batches: [Int] = []
        var suspects: [Key: Int] = [:]
        var failure: CustodyError?
    }

    private let fileSystem: SimulatedFileSystem?
    private let state = Mutex(State())
    /// Whether arrivals are kept with their bytes.
    private let keepsArrivals: Bool

    init(_ fileSystem: SimulatedFileSystem? = nil, keepsArrivals: Bool = true) {
        self.fileSystem = fileSystem
        self.keepsArrivals = keepsArrivals
    }

    var taken: [[UInt8]: Int] { state.withLock { $0.taken } }
    var arrivals: [Arrival] { state.withLock { $0.arrivals } }
    var batches: [Int] { state.withLock { $0.batches } }
    var texts: [String] { arrivals.map { String(decoding: $0.bytes, as: UTF8.self) } }

    func fail(_ failure: CustodyError?) { state.withLock { $0.failure = failure } }

    func take(_ arrivals: [Arrival]) throws(CustodyError) -> [Disposition] {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        for arrival in arrivals where arrival.bytes.starts(with: "POISON".utf8) && !arrival.isSuspect {
            fileSystem?.cutPower()
        }
        let result = Mutex<[Disposition]>([])
        try change {
            let dispositions = state.withLock { state in
                state.batches.append(arrivals.count)
                if keepsArrivals { state.arrivals += arrivals }
                return arrivals.map { Self.take($0, &state) }
            }
            result.withLock { $0 = dispositions }
        }
        return result.withLock { $0 }
    }

    private static func take(_ arrival: Arrival, _ state: inout State) -> Disposition {
        let isNew = state.offered[arrival.bytes] == nil
        state.offered[arrival.bytes, default: 0] += 1
        if isNew { state.taken[arrival.bytes, default: 0] += 1 }
        let bad = arrival.bytes.starts(with: "BAD".utf8)
        let held = arrival.bytes.starts(with: "HOLD".utf8) || arrival.isSuspect || arrival.problem != nil
        let receipt = Receipt(
            kind: isNew ? .new : .repeated, reference: "r", message: MessageID(rawValue: Int64(state.offered.count)),
            state: bad ? .refused : held ? .held : .waiting)
        return Disposition(receipt: receipt, findings: [], note: bad ? "It is bad.\n" : nil)
    }

    func suspect(_ content: Key) throws(CustodyError) -> Int {
        let before = Mutex(0)
        try change {
            let count = state.withLock { state in
                defer { state.suspects[content, default: 0] += 1 }
                return state.suspects[content] ?? 0
            }
            before.withLock { $0 = count }
        }
        return before.withLock { $0 }
    }

    func clear(_ content: Key) throws(CustodyError) {
        try change { state.withLock { $0.suspects[content] = nil } }
    }

    private func change(_ effect: () -> Void) throws(CustodyError) {
        guard let fileSystem else { return effect() }
        do throws(FileError) { try fileSystem.touch("commit", effect) } catch { throw .input("disk") }
    }
}

/// An inbox in memory with a receiver and a clock.
struct Desktop {
    let clock = SimulatedClock()
    let files: SimulatedFileSystem
    let receiver: SimulatedReceiver
    var settings = SourceSettings()
    var source: FolderSource

    init(_ settings: SourceSettings = SourceSettings(), files: SimulatedFileSystem = SimulatedFileSystem()) {
        self.settings = settings
        self.files = files
        receiver = SimulatedReceiver(files)
        try? files.makeFolder("/in")
        source = FolderSource(
            "a", folder: "/in", settings: settings, files: files, time: clock, receiver: receiver)
    }

    /// What a new process does.
    mutating func restart() {
        source = FolderSource(
            "a", folder: "/in", settings: settings, files: files, time: clock, receiver: receiver)
    }

    /// Rounds with time between them; what goes wrong is left to the next.
    @discardableResult
    func rounds(_ count: Int, every milliseconds: Int64 = 5_000) -> [RoundSummary] {
        (0..<count).compactMap { _ in
            clock.advance(milliseconds: milliseconds)
            return try? source.round()
        }
    }

    func drop(_ name: String, _ text: String) { files.drop("/in/" + name, Array(text.utf8)) }

    /// The names in a folder below the inbox.
    func names(_ folder: String = "") -> [String] {
        let all = (try? files.list(folder.isEmpty ? "/in" : "/in/" + folder, limit: .max)) ?? []
        return all.filter { !(folder.isEmpty && [".work", "done", "failed"].contains($0)) }
    }
}

import Synchronization

/// What the world outside will do, in order of time.
final class Agenda: Sendable {
    private struct Entry {
        var time: Int64
        var act: @Sendable () -> Void
    }

    private let entries = Mutex<[Entry]>([])

    /// - Parameter time: ``SimulatedTime/elapsed``.
    func add(at time: Int64, _ act: @escaping @Sendable () -> Void) {
        entries.withLock { entries in
            let place = entries.firstIndex { time < $0.time } ?? entries.endIndex
            entries.insert(Entry(time: time, act: act), at: place)
        }
    }

    var next: Int64? { entries.withLock { $0.first?.time } }

    /// Does the first thing, when its time has come by then.
    func act(by time: Int64) -> Bool {
        let entry = entries.withLock { entries in
            entries.first.map { $0.time <= time } ?? false ? entries.removeFirst() : nil
        }
        entry?.act()
        return entry != nil
    }
}

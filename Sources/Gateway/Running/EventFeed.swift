import Custody
import Synchronization

/// What happens, for those who look on: the lines of the log by topic, as server-sent events (WHATWG HTML, 9.2).
///
/// It holds the latest events only, and only while somebody asks for them. Lines of the log carry no personal data, so
/// neither do these. Safe to call from any thread.
package final class EventFeed: Sendable {
    /// What one event is about: its name among server-sent events.
    package enum Topic: String, Sendable, CaseIterable {
        case message, route, alert, reload

        init?(_ event: Log.Event) {
            switch event {
            case .received, .repeated, .held, .refused, .delivered, .retrying, .dead, .answered: self = .message
            case .routeState: self = .route
            case .alertOpen, .alertResolved: self = .alert
            case .reloaded, .rejected: self = .reload
            case .started, .stopping, .stopped, .sourceFailed, .storeFailed, .storeWell, .operated, .retired,
                .listening:
                return nil
            }
        }
    }

    private struct State {
        /// The latest, oldest first; up to twice as many as are promised.
        var latest: [(topic: Topic, json: String)] = []
        /// How many there were.
        var count = 0
        /// On the steady clock: the other may jump.
        var lastAsked: Monotonic
    }

    /// Events kept for one who comes again.
    package static let kept = 1_000
    /// After so long without a question, nothing is kept.
    private static let patience: Int64 = 120_000

    private let time: any TimeSource
    private let isAsked = Atomic(false)
    private let state: Mutex<State>
    /// Tells the numbers of one start from those of another.
    private let era: Int64

    init(time: any TimeSource) {
        self.time = time
        era = time.wall().milliseconds
        state = Mutex(State(lastAsked: time.steady()))
    }

    var isWatched: Bool { isAsked.load(ordering: .relaxed) }

    /// - Parameter json: One line of the log.
    func add(_ topic: Topic, _ json: String) {
        let now = time.steady()
        state.withLock { state in
            state.count += 1
            guard now.milliseconds - state.lastAsked.milliseconds <= Self.patience else {
                // Nobody looks on any more. One who comes again finds that this event is not there.
                isAsked.store(false, ordering: .relaxed)
                return state.latest = []
            }
            state.latest.append((topic, json))
            if state.latest.count >= 2 * Self.kept { state.latest.removeFirst(Self.kept) }
        }
    }

    /// Reads on from the event of an id; without an id, or with one that means nothing here, from now on.
    ///
    /// - Returns: Gives, each time it is called, the events since the last time as text to be sent. Events that are no longer
    ///   there are told of as `gap`.
    package func reader(after id: String?) -> @Sendable () -> [UInt8] {
        let now = time.steady()
        let known = id.flatMap(number)
        let start = state.withLock { state in
            state.lastAsked = now
            return known ?? state.count
        }
        isAsked.store(true, ordering: .relaxed)
        let place = Mutex((next: start, isGap: id != nil && known == nil))
        return { [self] in
            place.withLock { place in
                let (text, next) = events(from: place.next, isGap: place.isGap)
                place = (next, false)
                return Array(text.utf8)
            }
        }
    }

    private func events(from start: Int, isGap: Bool) -> (text: String, next: Int) {
        let now = time.steady()
        return state.withLock { state in
            state.lastAsked = now
            let first = max(start, state.count - state.latest.count)
            var text = isGap || first > start ? "event: gap\ndata: {}\n\n" : ""
            for (offset, (topic, json)) in state.latest.suffix(state.count - first).enumerated() {
                let line = json.hasSuffix("\n") ? String(json.dropLast()) : json
                text += "event: \(topic.rawValue)\nid: \(era)-\(first + offset + 1)\ndata: \(line)\n\n"
            }
            return (text, state.count)
        }
    }

    /// The number after that of an id of this start.
    private func number(_ id: String) -> Int? {
        let parts = id.split(separator: "-")
        guard parts.count == 2, Int64(parts[0]) == era, let number = Int(parts[1]) else { return nil }
        return state.withLock { 0...$0.count ~= number ? number : nil }
    }
}

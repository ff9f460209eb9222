package import Custody
import Glibc
package import Reporting
import Synchronization

/// What the gateway says while it runs: one line an event, from a closed list, never with personal data. Names of files are
/// left out too, since senders put names of people into them.
package final class Log: Sendable {
    /// Everything that can be said.
    package enum Event: String, Sendable, CaseIterable {
        case started = "gateway.started"
        case stopping = "gateway.stopping"
        case stopped = "gateway.stopped"
        case received = "message.received"
        case repeated = "message.repeated"
        case held = "message.held"
        case refused = "message.refused"
        case delivered = "delivery.ok"
        case retrying = "delivery.retry"
        case dead = "dead.new"
        case answered = "delivery.answered"
        case routeState = "route.state"
        case sourceFailed = "source.failed"
        case storeFailed = "store.failed"
        case storeWell = "store.well"
        case reloaded = "config.reloaded"
        case rejected = "config.rejected"
        case alertOpen = "alert.open"
        case alertResolved = "alert.resolved"
        case operated = "operator.action"
        case retired = "retention.removed"
        case listening = "http.listening"
    }

    package enum Level: String, Sendable { case debug, info, warning, error }
    package enum Form: Sendable { case json, text }

    private let form: Form
    private let sink: @Sendable ([UInt8]) -> Void
    private let time: any TimeSource
    private let isDebugging = Atomic(false)
    /// Told of each line too, small ones as well, while somebody looks on.
    package let feed: EventFeed

    package init(
        form: Form, time: any TimeSource, sink: @escaping @Sendable ([UInt8]) -> Void = Log.standardError
    ) {
        self.form = form
        self.time = time
        self.sink = sink
        feed = EventFeed(time: time)
    }

    /// Whether small things are told too.
    package func setDebugging(_ isOn: Bool) { isDebugging.store(isOn, ordering: .relaxed) }

    /// - Parameter fields: Names, ids, counts, codes and hashes only.
    package func say(
        _ level: Level, _ event: Event, _ message: String, _ fields: KeyValuePairs<String, JSONValue?> = [:]
    ) {
        let isSaid = level != .debug || isDebugging.load(ordering: .relaxed)
        let topic = feed.isWatched ? EventFeed.Topic(event) : nil
        guard isSaid || topic != nil else { return }
        let line = form == .json || topic != nil ? json(level, event, message, fields) : ""
        if let topic { feed.add(topic, line) }
        if isSaid { sink(Array((form == .json ? line : text(level, message, fields)).utf8)) }
    }

    package func say(_ event: Event, _ message: String, _ fields: KeyValuePairs<String, JSONValue?> = [:]) {
        say(.info, event, message, fields)
    }

    private func json(
        _ level: Level, _ event: Event, _ message: String, _ fields: KeyValuePairs<String, JSONValue?>
    ) -> String {
        var members = [
            JSONValue.Member(key: "ts", value: .string(time.wall().text)),
            JSONValue.Member(key: "level", value: .string(level.rawValue)),
            JSONValue.Member(key: "event", value: .string(event.rawValue)),
            JSONValue.Member(key: "msg", value: .string(message.printable())),
        ]
        for field in fields { field.value.map { members.append(JSONValue.Member(key: field.key, value: $0)) } }
        return JSONValue.object(members).text() + "\n"
    }

    private func text(_ level: Level, _ message: String, _ fields: KeyValuePairs<String, JSONValue?>) -> String {
        let mark = level == .info || level == .debug ? "" : "\(level.rawValue): "
        let rest = fields.compactMap { field in field.value.map { "\(field.key)=\($0.text())" } }
        return "\(time.wall().text) \(mark)\(([message.printable()] + rest).joined(separator: "  "))\n"
    }

    package static func standardError(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let put = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if put < 0, errno == EINTR { continue }
            if put <= 0 { return }
            rest = rest.dropFirst(put)
        }
    }
}

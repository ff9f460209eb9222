import Reporting
import Simulation
import Testing

@testable import Gateway

@Suite("What happens, for those who look on")
struct EventFeedTests {
    private let clock = SimulatedClock()
    private let log: Log
    private let spoken = Spoken()

    init() { log = Log(form: .text, time: clock, sink: spoken.hear) }

    private func say(_ count: Int) {
        for number in 1...count { log.say(.debug, .delivered, "delivered", ["delivery": .number(number)]) }
    }

    /// Names and ids of events in a text, and the numbers of deliveries.
    private func read(_ bytes: [UInt8]) -> (names: [String], ids: [String], numbers: [Int]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        let of = { (start: String) in lines.filter { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) } }
        let numbers = of("data: ").compactMap { $0.firstMatch(of: /"delivery":(\d+)/).flatMap { Int($0.output.1) } }
        return (of("event: "), of("id: "), numbers)
    }

    @Test("events come by topic, in order, as lines of the log; small ones too, and what is no topic not")
    func order() {
        let next = log.feed.reader(after: nil)
        log.say(.warning, .held, "a document is held for a person", ["causes": .array([.string("no-name")])])
        log.say(.routeState, "a route is down")
        log.say(.alertOpen, "route-down")
        log.say(.rejected, "a new configuration is not good")
        log.say(.stopping, "stopping")
        say(1)
        let text = String(decoding: next(), as: UTF8.self)
        #expect(read(Array(text.utf8)).names == ["message", "route", "alert", "reload", "message"])
        #expect(
            text.contains(
                #"data: {"ts":"2026-03-02T09:14:00Z","level":"warning","event":"message.held","msg":"a document"#))
        #expect(text.hasSuffix("\n\n") && next().isEmpty)
        #expect(!spoken.whole.contains("delivered"), "small things are not in the log itself")
    }

    @Test("one who comes again with the id of the last event hears the rest, once")
    func again() {
        let first = log.feed.reader(after: nil)
        say(3)
        let ids = read(first()).ids
        say(2)
        let rest = read(log.feed.reader(after: ids[1])())
        #expect(rest.numbers == [3, 1, 2] && !rest.names.contains("gap"))
    }

    @Test("an id of another start, from the future, or nonsense is a gap", arguments: ["1-1", "", "x", "-", "0-99999"])
    func strangers(_ id: String) {
        _ = log.feed.reader(after: nil)()
        say(3)
        let next = log.feed.reader(after: id)
        say(1)
        let heard = read(next())
        #expect(heard.names == ["gap", "message"] && heard.numbers == [1])
    }

    @Test("who reads too slowly is told of the gap, and memory stays bounded")
    func slow() {
        let next = log.feed.reader(after: nil)
        say(10_000)
        let heard = read(next())
        #expect(heard.names.first == "gap" && heard.numbers.last == 10_000)
        #expect(EventFeed.kept...2 * EventFeed.kept ~= heard.numbers.count)
        #expect(heard.numbers == Array((10_001 - heard.numbers.count)...10_000))
    }

    @Test("when nobody has asked for a while nothing is kept, and one who comes again is told of the gap")
    func nobody() {
        let next = log.feed.reader(after: nil)
        say(1)
        let id = read(next()).ids[0]
        clock.advance(milliseconds: 121_000)
        say(1)
        #expect(!log.feed.isWatched)
        say(1)
        #expect(read(log.feed.reader(after: id)()).names == ["gap"])
    }
}

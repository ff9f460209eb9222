import Foundation
import Intake
import Referrals
import Reporting
import Simulation
import Testing

@testable import Gateway

@Suite("The log")
struct LogTests {
    private func log(_ form: Log.Form) -> (Log, Spoken) {
        let spoken = Spoken()
        return (Log(form: form, time: SimulatedClock(), sink: spoken.hear), spoken)
    }

    @Test("the events are a closed list of names a monitor can rely on")
    func closed() {
        let names = Log.Event.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
        for name in names { #expect(name.wholeMatch(of: /[a-z]+\.[a-z]+/) != nil) }
        #expect(
            Set(names).isSuperset(of: [
                "gateway.started", "gateway.stopped", "message.received", "message.held", "delivery.ok", "dead.new",
                "store.failed", "config.rejected",
            ]))
    }

    @Test("each line is one JSON object, whatever it says", arguments: Log.Event.allCases)
    func json(_ event: Log.Event) throws {
        let (log, spoken) = log(.json)
        let nasty = "a\u{1B}[31m\"\\\n\r\t\u{0}\u{7F}\u{85}\u{2028}\u{202E}é🙂"
        log.say(.warning, event, nasty, ["route": .string(nasty), "count": .number(3), "none": nil])
        #expect(spoken.lines.count == 1 && spoken.whole.hasSuffix("}\n"))
        let object = try JSONSerialization.jsonObject(with: Data(spoken.whole.utf8)) as? [String: Any]
        #expect(object?["event"] as? String == event.rawValue && object?["level"] as? String == "warning")
        #expect(object?["ts"] as? String == "2026-03-02T09:14:00Z" && object?["count"] as? Int == 3)
        #expect(object?["route"] as? String == nasty && object?["none"] == nil)
    }

    @Test("nothing that could mislead a terminal gets through", arguments: [Log.Form.json, .text])
    func controls(_ form: Log.Form) {
        let (log, spoken) = log(form)
        let nasty =
            String(String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar($0) })) + "\u{7F}\u{9B}\u{202E}"
        log.say(.error, .storeFailed, nasty, ["error": .string(nasty)])
        let said = spoken.whole.dropLast()
        #expect(!said.unicodeScalars.contains { $0.isMisleading })
    }

    @Test("small things are told only when asked for")
    func debugging() {
        let (log, spoken) = log(.text)
        log.say(.debug, .delivered, "delivered")
        #expect(spoken.lines.isEmpty)
        log.setDebugging(true)
        log.say(.debug, .delivered, "delivered", ["route": "out"])
        #expect(spoken.lines == ["2026-03-02T09:14:00Z delivered  route=\"out\""])
    }

    @Test("no value of a document, and no name of a file, is in the log of a day's work")
    func noCanary() throws {
        let bench = try EngineBench { configuration in
            configuration.routes.append(
                Configuration.Route(name: "work", queue: "q", consent: .scope(.shareWithEmploymentSupport)))
        }
        let letter = try GatewayBench.letter("Zqcanary")
        let letters = [
            letter, letter, letter.replacing("999 000 4110", with: "999 000 4111"),
            letter.replacing("07/11/1951", with: "Zqcanary"), letter.replacing("</Referral>", with: "</Zqcanary>"),
        ]
        for text in letters {
            _ = try bench.engine.processor.take([
                Arrival(source: "north", name: "Zqcanary-letter.xml", bytes: Array(text.utf8))
            ])
        }
        bench.deliver()
        let reference = try bench.result(["ask": "messages"])["messages"]?.items.first?["reference"]
        _ = try bench.ask(["ask": "content", "reference": reference, "actor": "ada"])
        _ = try bench.ask(["ask": "purge", "nhsNumber": "999 000 4110", "reason": "asked", "actor": "ada"])
        #expect(spokenKinds(bench).isSuperset(of: ["message.received", "message.held", "operator.action"]))
        for secret in ["Zqcanary", "4110", "4111", "1951", "Colin"] { #expect(!bench.spoken.whole.contains(secret)) }
    }

    private func spokenKinds(_ bench: EngineBench) -> Set<String> {
        Set(bench.spoken.lines.compactMap { JSONValue(text: $0)?["event"]?.string })
    }
}

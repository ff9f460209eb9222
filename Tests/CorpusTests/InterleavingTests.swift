import Foundation
import Mappings
import Synchronization
import Testing

/// A thousand people, whose referrals go through the same translators: none is in another's.
@Suite("People kept apart", .serialized, .enabled(if: Shared.hasGenerator))
struct InterleavingTests {
    struct Made: Sendable {
        let name: String
        let bytes: [UInt8]
        /// Words that no other referral holds.
        let words: [String]
    }

    /// Formats take turns, so that buffers of one serve the next.
    private func people(_ each: Int) throws -> [Made] {
        let scratch = try Scratch()
        let output = try Python.run([
            Python.tool("generated_people.py"), Shared.place("bench/gen.py").path, scratch.folder.path, "\(each)",
            "fhir-json", "cda", "fhir-xml",
        ])
        return try output.split(separator: "\n").map { line in
            let facts = try Facts(String(line))
            let name = try #require(facts["name"])
            return Made(name: name, bytes: try scratch.bytes(name), words: facts.list("words"))
        }
    }

    @Test("through one translator and through four at once, each comes out as from a fresh one")
    func interleaved() throws {
        let people = try people(340)
        #expect(people.count == 1020)
        let fresh = try people.map { try Shipped.translator().translate($0.bytes, named: $0.name) }
        let outputs = fresh.map(\.canonical)
        try expectApart(people, fresh.map { $0.canonical.joined() + $0.rendered })

        let one = try Shipped.translator()
        for (index, person) in people.enumerated() {
            #expect(one.translate(person.bytes, named: person.name).canonical == outputs[index], "\(person.name)")
        }

        let wrong = Mutex<[String]>([])
        let translators = try (0..<4).map { _ in Box(try Shipped.translator()) }
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            for index in people.indices {
                // Each worker begins elsewhere, so that at any time four people are at hand.
                let place = (index + worker * people.count / 4) % people.count
                let translation = translators[worker].translator.translate(
                    people[place].bytes, named: people[place].name)
                if translation.canonical != outputs[place] { wrong.withLock { $0.append(people[place].name) } }
            }
        }
        #expect(wrong.withLock { $0 } == [])
    }

    /// Every word that is one person's alone stands in theirs and in no other.
    private func expectApart(_ people: [Made], _ outputs: [String]) throws {
        var owner: [String: Int] = [:]
        for (index, person) in people.enumerated() { for word in person.words { owner[word.lowercased()] = index } }
        #expect(owner.count > people.count * 4 - 5)
        for (index, output) in outputs.enumerated() {
            let tokens = Set(output.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init))
            #expect(tokens.contains(people[index].words[0].lowercased()), "\(people[index].name)")
            for token in tokens {
                if let other = owner[token] {
                    #expect(other == index, "\(people[index].name) holds what is \(people[other].name)'s")
                }
            }
        }
    }

    /// Each is used by one worker only.
    private struct Box: @unchecked Sendable {
        let translator: Translator
        init(_ translator: Translator) { self.translator = translator }
    }
}

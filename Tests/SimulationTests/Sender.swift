import Custody
import Digests
import Simulation

/// A practice that sends letters: new ones mostly, and all that goes wrong with the others.
final class Sender {
    private let disk: SimulatedFileSystem
    private let chance: SimulatedRandomness
    private let chronicle: Chronicle
    private let time: SimulatedTime
    private let agenda: Agenda
    private var letters: [Letter] = []
    private var files = 0
    /// How many files of each content were written to their end.
    private(set) var sent = Counts()

    /// Counted where the agenda completes a file, which is after the sender's own call.
    final class Counts: Sendable {
        private let counts = Guarded<[Key: Int]>([:])
        func add(_ content: Key) { counts.with { $0[content, default: 0] += 1 } }
        var all: [Key: Int] { counts.with { $0 } }
    }

    init(
        _ disk: SimulatedFileSystem, chance: SimulatedRandomness, chronicle: Chronicle, time: SimulatedTime,
        agenda: Agenda
    ) {
        self.disk = disk
        self.chance = chance
        self.chronicle = chronicle
        self.time = time
        self.agenda = agenda
    }

    /// Sends the next letter, one that is out of order now and then.
    func send() {
        var letter = fresh()
        if let earlier = letters.isEmpty ? nil : letters[chance.below(letters.count)] {
            switch chance.below(14) {
            case 0, 1: letter = earlier
            case 2:
                letter = earlier
                letter.padding += 1
            case 3 where earlier.messageID != nil: letter.messageID = earlier.messageID
            case 4, 5: letter = change(of: earlier, letter)
            case 6 where chance.below(2) == 0: letter = change(of: fresh(), letter)
            default: break
            }
        }
        write(letter)
    }

    private func fresh() -> Letter {
        let number = letters.count + 1
        var letter = Letter(number: number, person: chance.below(4), reference: "RV-2026-\(1000 + number)")
        if chance.below(3) > 0 { letter.messageID = "MSG-\(number)" }
        letter.isXML = chance.below(2) == 0
        letter.isConsenting = chance.below(3) > 0
        letter.isPoison = chance.below(12) == 0
        if chance.below(16) == 0 { letter.flaw = chance.below(3) == 0 ? .tooLarge : .cutOff }
        return letter
    }

    private func change(of earlier: Letter, _ letter: Letter) -> Letter {
        var letter = letter
        letter.person = earlier.person
        letter.reference = earlier.reference
        letter.kind = chance.below(2) == 0 ? .update : .cancellation
        letter.messageID = "MSG-CHANGE-\(letter.number)"
        return letter
    }

    // MARK: Writing

    private func write(_ letter: Letter) {
        letters.append(letter)
        files += 1
        let name = "\(1000 + files).\(letter.isXML ? "xml" : "json")"
        var path = "\(SimulatedGateway.inbox)/\(name)"
        // A name that was used before, when nothing of it lies there.
        let old = "\(SimulatedGateway.inbox)/1001.\(letter.isXML ? "xml" : "json")"
        if chance.below(8) == 0, disk.everything()[old] == nil { path = old }
        let bytes = letter.bytes
        let content = Key(Digest().bytes(of: bytes.span))
        chronicle.with { $0.letters[content] = letter }
        let parts = chance.below(4) == 0 ? 2 + chance.below(4) : 1
        chronicle.note(
            "letter \(letter.number) of \(letter.person) \(letter.kind) \(letter.reference) id=\(letter.messageID ?? "-")"
                + " poison=\(letter.isPoison) consent=\(letter.isConsenting) flaw=\(letter.flaw.map { "\($0)" } ?? "-")"
                + " padding=\(letter.padding) parts=\(parts) at \(path)")
        // A padded letter without its padding is another one, which nobody sent twice (seed 106260).
        let latest = bytes.count - letter.padding - 1
        var cuts = (1..<max(parts, 1)).map { _ in min(1 + chance.below(bytes.count - 1), latest) }.sorted()
        cuts.append(bytes.count)
        disk.drop(path, Array(bytes[..<cuts[0]]))
        if cuts.count == 1 { sent.add(content) }
        goOn(path, bytes, cuts[...], content, at: time.elapsed)
    }

    /// Writes the rest of a file, never pausing as long as a file must be left alone.
    private func goOn(_ path: String, _ bytes: [UInt8], _ cuts: ArraySlice<Int>, _ content: Key, at now: Int64) {
        guard let from = cuts.first, let to = cuts.dropFirst().first else { return }
        let time = now + Int64(50 + chance.below(850))
        let isLast = cuts.count == 2
        agenda.add(at: time) { [disk, chronicle, sent] in
            guard disk.everything()[path] != nil else {
                return chronicle.violate("a file was taken while it was being written")
            }
            disk.append(path, Array(bytes[from..<to]))
            chronicle.note("  \(path) has \(to) of \(bytes.count) bytes")
            if isLast { sent.add(content) }
        }
        goOn(path, bytes, cuts.dropFirst(), content, at: time)
    }
}

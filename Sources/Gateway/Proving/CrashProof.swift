import Custody
package import DurableFiles
import Glibc

/// Proves that nothing is lost: feeds a gateway of its own with numbered documents, kills it again and again without
/// warning, and counts what comes out. Everything happens in a folder of its own, with invented people.
///
/// In through a folder or by posts, out to a queue or to an HTTP endpoint: ``ProofWays``.
package struct CrashProof {
    package struct Result: Sendable {
        package var documents = 0
        package var kills = 0
        /// Never came out.
        package var lost = 0
        /// Came out with another's content, or changed.
        package var corrupt = 0
        /// Came out again, the same bytes under the same key. A kill may repeat what was in hand, once.
        package var repeats = 0
        /// Came out again without a kill between.
        package var unprovoked = 0
        /// Repeats that were not the same bytes.
        package var differing = 0
        /// Left in the inbox or in work at the end, or never answered with yes however often it was posted.
        package var stuck = 0
        /// In `failed/`, whole and with the reason: kills met it again and again while it alone was in hand, and a document
        /// that seems to end the process is for a person.
        package var setAside = 0
        /// Posts that no yes came to, so that they were made again under the same id.
        package var postedAgain = 0
        package var isAuditWhole = false
        /// The longest time from a start to the first document taken, in milliseconds.
        package var slowestStart: Int64 = 0

        package var isProof: Bool {
            lost == 0 && corrupt == 0 && differing == 0 && stuck == 0 && unprovoked == 0 && isAuditWhole
        }
    }

    private let gateway: ProofGateway
    private let sender: ProofSender?
    private let kills: Int
    private var result = Result()
    private var random: SplitMix
    private var next = 0
    /// What came out, by key, and of which lives of the gateway.
    private var taken: [String: (bytes: [UInt8], lives: Set<Int>)] = [:]
    /// Numbers that came out, with how many keys they came under.
    private var seen: [Int: Set<String>] = [:]

    /// - Parameters:
    ///   - folder: Empty, or not there.
    ///   - program: The gateway to prove.
    package init(folder: String, program: String, ways: ProofWays = ProofWays(), kills: Int, seed: UInt64) {
        gateway = ProofGateway(folder: folder, program: program, ways: ways)
        sender = ways.door.map { ProofSender($0) }
        self.kills = kills
        random = SplitMix(state: seed)
    }

    /// Milliseconds without anything coming out after which nothing more is waited for.
    private static let patience: Int64 = 60_000

    // MARK: The proof

    package mutating func run(progress: (String) -> Void) throws(FileError) -> Result {
        try gateway.prepare()
        for kill in 1...max(1, kills) {
            let process = try start()
            try feedAndTake(milliseconds: Int64(random.next() % 400))
            Glibc.kill(process, SIGKILL)
            ProofGateway.wait(process)
            // What it put into the queue lies there now; what comes after this is of the next one.
            try take()
            result.kills = kill
            if kill.isMultiple(of: max(1, kills / 10)) {
                progress("\(kill) kills, \(next) documents in, \(seen.count) out, \(result.repeats) repeated")
            }
        }
        try settle()
        try reconcile()
        return result
    }

    private mutating func start() throws(FileError) -> pid_t {
        let begin = Self.now()
        let process = try gateway.start(life: result.kills)
        // Ready when it answers; a kill may well come before.
        if random.next() % 5 > 0 {
            while !gateway.answers, Self.now() - begin < 10_000 { usleep(2_000) }
            result.slowestStart = max(result.slowestStart, Self.now() - begin)
        }
        return process
    }

    /// Feeds documents and takes what comes out for a while.
    private mutating func feedAndTake(milliseconds: Int64) throws(FileError) {
        let end = Self.now() + milliseconds
        repeat {
            for _ in 0..<Int(random.next() % 8) { try feed() }
            sender?.post()
            try take()
            usleep(5_000)
        } while Self.now() < end
    }

    /// Lets a last gateway work off what is left, for as long as more comes out, and ends it as an operator would.
    private mutating func settle() throws(FileError) {
        let process = try start()
        var end = Self.now() + Self.patience
        while Self.now() < end {
            sender?.post()
            let before = seen.count
            try take()
            if try isWorkedOff() { break }
            if seen.count > before { end = Self.now() + Self.patience }
            usleep(50_000)
        }
        kill(process, SIGTERM)
        ProofGateway.wait(process)
        try take()
    }

    private func isWorkedOff() throws(FileError) -> Bool {
        if let sender { return sender.takenCount == next && seen.count >= next }
        guard try documents(in: "inbox") == 0 else { return false }
        return try seen.count + documents(in: "inbox/failed") >= next
    }

    private mutating func reconcile() throws(FileError) {
        result.documents = next
        let owed = sender?.taken ?? Set(0..<next)
        for number in owed where seen[number] == nil {
            if try isSetAside(number) { result.setAside += 1 } else { result.lost += 1 }
        }
        result.corrupt += seen.values.count { $0.count > 1 }
        result.stuck = next - owed.count
        result.stuck += try documents(in: "inbox") + documents(in: "inbox/.work", endingIn: "")
        result.postedAgain = sender?.again ?? 0
        result.isAuditWhole = gateway.isAuditWhole()
    }

    /// Whether a document lies in `failed/` as it was sent, with a note of the reason.
    private func isSetAside(_ number: Int) throws(FileError) -> Bool {
        let path = Files.join(gateway.inbox, "failed/\(number).json")
        guard Files.isThere(path), Files.isThere(path + ".why.txt") else { return false }
        return try Files.read(path) == Array(ProofDocument.text(number).utf8)
    }

    // MARK: Documents

    private func documents(in name: String, endingIn ending: String = ".json") throws(FileError) -> Int {
        let path = Files.join(gateway.folder, name)
        return Files.isFolder(path) ? try Files.list(path).count { $0.hasSuffix(ending) } : 0
    }

    /// Gives the next document to the sender; into a folder it is written under a hidden name and then named, as a good
    /// sender does.
    private mutating func feed() throws(FileError) {
        let number = next
        next += 1
        if let sender { return sender.add(number) }
        let hidden = Files.join(gateway.inbox, ".\(number)")
        try Files.create(hidden, Array(ProofDocument.text(number).utf8))
        _ = try Files.move(hidden, to: Files.join(gateway.inbox, "\(number).json"))
    }

    /// Takes everything that came out, as a reader of the queue does, and looks at it.
    private mutating func take() throws(FileError) {
        guard Files.isFolder(gateway.ready) else { return }
        for name in try Files.list(gateway.ready) {
            let parts: (key: String, life: Int)? =
                gateway.ways.receiverPort == nil ? (name, result.kills) : ProofReceiver.parts(of: name)
            guard let (key, life) = parts else { continue }
            let path = Files.join(gateway.ready, name)
            let bytes = try Files.read(path)
            try Files.remove(path)
            look(at: bytes, key, life)
        }
    }

    private mutating func look(at bytes: [UInt8], _ key: String, _ life: Int) {
        if let before = taken[key] {
            result.repeats += 1
            if before.bytes != bytes { result.differing += 1 }
            if taken[key]?.lives.insert(life).inserted == false { result.unprovoked += 1 }
            return
        }
        taken[key] = (bytes, [life])
        guard let number = ProofDocument.number(of: bytes) else {
            result.corrupt += 1
            return
        }
        seen[number, default: []].insert(key)
    }

    private static func now() -> Int64 { SystemTime().steady().milliseconds }
}

/// A small generator of chance that a seed repeats (Steele, Lea and Flood 2014).
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

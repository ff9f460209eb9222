/// What a client would like to be given, as it says in `Accept` (RFC 9110, 12.5.1).
enum MediaRange {
    /// How much a media type is wanted by its own name, 0 to 1; wildcards are not counted, and 0 is what is not named.
    static func quality(of type: String, in accept: String) -> Double {
        for range in accept.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard parts.first == type else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }
            return quality.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        }
        return 0
    }
}

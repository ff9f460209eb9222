import Delivery

/// How a route stands, in the words of the log.
enum RouteWord {
    static let well = "well"

    static func of(_ state: DispatcherState) -> (word: String, cause: String?) {
        switch state {
        case .idle, .working: (well, nil)
        case .backingOff(_, let cause): ("backing-off", cause)
        case .stopped(let cause): ("stopped", cause)
        case .paused: ("paused", nil)
        case .storeFailing: ("store-failing", nil)
        case .draining: ("draining", nil)
        }
    }
}

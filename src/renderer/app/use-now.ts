import { useEffect, useState } from 'react'

const TICK_MILLISECONDS = 15_000

/** The time in milliseconds, fresh enough for ages in minutes. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MILLISECONDS)
    return () => clearInterval(timer)
  }, [])
  return now
}

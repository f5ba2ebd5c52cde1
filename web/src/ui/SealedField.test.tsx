/** A sealed value: asked for with a purpose, shown for a while, gone again. */
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SealedField } from './SealedField';

const MASKED = '3****************1';
const PLAIN = '331082198808080011';

function show(reveal: (purpose: string) => Promise<{ value: string; hide_after_s: number }>) {
  return render(<SealedField label="证件号" masked={MASKED} revealable reveal={reveal} />);
}

async function ask() {
  fireEvent.click(screen.getByRole('button', { name: '查看 证件号' }));
  fireEvent.click(screen.getByLabelText('办税实名核验'));
  const ok = document.querySelector('.ant-modal-footer .ant-btn-primary');
  await act(async () => {
    fireEvent.click(ok as Element);
    await Promise.resolve();
  });
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a sealed field', () => {
  it('shows only the mask, and asks for nothing, until a purpose is chosen', () => {
    const reveal = vi.fn();
    show(reveal);
    expect(screen.getByText(MASKED)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: '查看 证件号' }));
    const ok = document.querySelector<HTMLButtonElement>('.ant-modal-footer .ant-btn-primary');
    expect(ok?.disabled).toBe(true);
    expect(reveal).not.toHaveBeenCalled();
  });

  it('shows the value with its countdown and hides it when the time is up', async () => {
    const reveal = vi.fn(() => Promise.resolve({ value: PLAIN, hide_after_s: 60 }));
    show(reveal);
    await ask();
    expect(reveal).toHaveBeenCalledWith('办税实名核验');
    expect(screen.getByText(PLAIN)).toBeTruthy();
    expect(screen.getByRole('timer').textContent).toContain('60');
    act(() => void vi.advanceTimersByTime(59_000));
    expect(screen.getByText(PLAIN)).toBeTruthy();
    act(() => void vi.advanceTimersByTime(1_000));
    expect(document.body.innerHTML).not.toContain(PLAIN);
    expect(screen.getByText(MASKED)).toBeTruthy();
  });

  it('hides at once when asked to', async () => {
    show(() => Promise.resolve({ value: PLAIN, hide_after_s: 60 }));
    await ask();
    fireEvent.click(screen.getByText('隐藏'));
    expect(document.body.innerHTML).not.toContain(PLAIN);
  });

  it('keeps the mask and says why when the server refuses', async () => {
    show(() => Promise.reject(new Error('今日次数已用完')));
    await ask();
    expect(screen.getByText('今日次数已用完')).toBeTruthy();
    expect(document.body.innerHTML).not.toContain(PLAIN);
  });

  it('offers nothing to those who may not reveal', () => {
    const reveal = () => Promise.reject(new Error('never asked'));
    render(<SealedField label="证件号" masked={MASKED} revealable={false} reveal={reveal} />);
    expect(screen.queryByRole('button')).toBeNull();
  });
});
